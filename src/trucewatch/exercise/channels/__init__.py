"""What each channel would have delivered, in the formats its source reads."""
