"""Tests of exports: against the schemas and rules that are kept here, and what a wrong one is told."""
