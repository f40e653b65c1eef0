"""The terms being watched: parties, lines, zones, clauses, readings, exemptions."""
