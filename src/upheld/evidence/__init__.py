"""Evidence: what enters a log, the tree over it, signed checkpoints, proofs and receipts.

Nothing here reads a clock or draws a random number, and nothing here knows a database.
"""
