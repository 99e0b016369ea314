"""Agreements as values: what the language compiles to."""
