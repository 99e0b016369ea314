"""A client of the API: what can be asked is generated from its document, and goes through the guard."""
