"""What a reader asks of agreements and facts: evaluate, explain, due."""
