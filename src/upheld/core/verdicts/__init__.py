"""Results as values: verdicts, measurements, credits."""
