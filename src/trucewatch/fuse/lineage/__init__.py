"""Find which statements and reports have one origin, so that copies count once."""
