"""What a person may ask of the bank about himself: all his data, an end of the account, and to be forgotten."""
