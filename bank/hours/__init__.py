"""Service records: minutes credited by rule, confirmed by the leader, posted as deposits."""
