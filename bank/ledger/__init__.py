"""The journal: points and minutes never appear or vanish. Knows accounts, not volunteers."""
