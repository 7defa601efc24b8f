"""What each person has agreed to, purpose by purpose."""
