"""Plain data in, bytes out: paper (PDF), codes to scan, tables. Knows no slice; faces and jobs use it."""
