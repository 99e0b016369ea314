"""Forecasting: what a running period may still come to."""
