"""Waves crossing arrays: when, from where, how fast, and how sure that is."""
