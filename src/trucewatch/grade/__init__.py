"""Say how an incident stands against each clause and reading, and how sure we are."""
