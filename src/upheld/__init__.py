"""Upheld runs service level agreements: one agreement file plus the facts gives everything that was promised."""
