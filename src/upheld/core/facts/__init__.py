"""Facts and the log of them."""
