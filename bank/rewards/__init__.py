"""Rewards, their stock, and the counter where points are spent."""
