"""Quarterly feedback to the home unit: with a separate consent, seen by the member first, and withdrawable."""
