"""The database of an embedded server, as Django looks for one: see `base`."""
