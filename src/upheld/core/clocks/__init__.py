"""Clocks, cadences, quotas, obligations: one subject at a time."""
