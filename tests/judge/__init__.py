"""The second judge: a slow, obvious reading of agreements that steps through time, and its worlds."""
