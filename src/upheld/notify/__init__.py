"""Channels: values that send one message to one recipient, and say what became of it."""
