"""Scanners, counters and screens that join the bank by one code, know their place, and are seen and revoked."""
