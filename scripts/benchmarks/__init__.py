"""What `scripts/bench.py` measures: each case sets the bank beside a floor, the least that could do the same job."""
