"""Units and persons taken in from tables by the hundred or the ten thousand, and given out as the same tables."""
