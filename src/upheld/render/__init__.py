"""Results as text and as records: pure functions from what core says to what people and programs read."""
