"""What service was worth to those it was done for and to those who led it: marks per service record, comments, fairness."""
