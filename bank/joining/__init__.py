"""Who takes part in an activity: joining and leaving, places and the waiting list, teams, children, office hours."""
