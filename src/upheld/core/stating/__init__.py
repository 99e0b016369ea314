"""Statements as data: the frozen record, its canonical bytes and hash, and what changed between two."""
