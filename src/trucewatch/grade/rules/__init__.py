"""One rule per file; each asks one question of an incident and a clause."""
