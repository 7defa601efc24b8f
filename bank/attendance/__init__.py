"""Who came: check-in, check-out, and the confirmation that turns stays into service records."""
