"""Activities: what is planned, where, by whom and for how many."""
