"""Probes: what looks at a component and says what it saw, as observations. One module a kind."""
