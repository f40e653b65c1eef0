"""Find ground that looks otherwise to a radar than it did before."""
