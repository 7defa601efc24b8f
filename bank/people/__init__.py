"""Units, persons, roles, consents and tokens; a person owns two ledger accounts."""
