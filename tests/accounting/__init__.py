"""Tests of credit memos, from what is granted to what an accounting system reads."""
