"""Servers that are killed while they work, and what must hold of their worlds afterwards."""
