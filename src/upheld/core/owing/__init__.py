"""Owing: from a figure to an amount, its limits and instalments."""
