"""Rehearse the mechanism against known truth: deliveries, truth and scorecards."""
