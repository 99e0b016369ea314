"""The gallery: every kind of drawing, of the shipped month. `python -m scripts.gallery`."""
