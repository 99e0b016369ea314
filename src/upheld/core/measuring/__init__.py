"""Measuring: from observations and items to a figure with its bounds."""
