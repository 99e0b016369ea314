"""Upheld runs service level agreements: one agreement file plus the facts gives all that was promised."""
