"""What a reader asks of a book."""
