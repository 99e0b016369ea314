"""Evaluating: every cell of every contract, computed again only where something changed."""
