"""What the five agreements promise, number by number."""
