"""Find what stands out of one procedure's background."""
