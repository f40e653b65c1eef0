"""Fires told from the fires a place has anyway: background, excess, calibration."""
