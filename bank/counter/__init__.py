"""What happens at a counter: rewards reserved, handed over, undone and returned, services agreed, and the day's end."""
