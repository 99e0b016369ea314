"""The one guard through which every request leaves: where to, for how long, and how much comes back."""
