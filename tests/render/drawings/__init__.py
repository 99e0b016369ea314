"""What a reader is shown as a picture."""
