"""Keep every record and blob in a ledger anybody can verify."""
