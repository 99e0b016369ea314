"""An agreement in plain words, in several languages."""
