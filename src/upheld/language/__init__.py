"""YAML to values and back: the strict reader, overlays, findings, the lock, the reference."""
