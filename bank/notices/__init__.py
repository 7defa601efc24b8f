"""What the bank tells its members: a notice in their pages, and on the way they chose, once."""
