"""Who earned most in a period, among those who agreed to be shown."""
