"""Results drawn for a terminal of so many columns, with Rich. Only what draws imports this package."""
