"""The command `upheld`: parses words, asks the book, prints. The only reader of the clock beside the server."""
