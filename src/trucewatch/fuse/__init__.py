"""Decide which detections are one incident, where and when, and whether it was."""
