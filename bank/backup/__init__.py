"""Copies of the whole bank in one file each, made while it is at work, thinned by age, and put back into an empty place."""
