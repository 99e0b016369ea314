"""Whole pages of HTML that stand alone: nothing in them is loaded from anywhere."""
