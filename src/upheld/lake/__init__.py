"""Observations in bulk: read, checked, sealed into day files, counted into slices."""
