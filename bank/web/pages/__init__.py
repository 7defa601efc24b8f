"""Pages: forms in, HTML out; one file per slice."""
