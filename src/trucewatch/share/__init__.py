"""Release reviewed findings, each audience in its own form and no finer."""
