"""Star honours and medals by lifetime minutes: awarded by the clock, the fifth star by a decision of two people."""
