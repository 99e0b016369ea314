"""Who is told what, and when: stages of clocks, on-call rotations, quiet hours and digests, templates."""
