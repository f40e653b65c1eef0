"""Turn prose into statements: who said what, and what in it can be checked."""
