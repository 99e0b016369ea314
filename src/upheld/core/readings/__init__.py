"""Readings: which results hang on how a clause is read."""
