"""Comparing: two versions of the terms, in meaning."""
