"""Evidence: a tree against a recursive one, strict readers against every byte, a signer against faults."""
