"""The pure core, held to models and to values calculated by hand."""
