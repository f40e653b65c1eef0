"""Run a mission: the only package that knows all others, reads clocks and writes."""
