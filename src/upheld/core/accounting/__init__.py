"""Credit memos: what was granted as documents with numbers, taxes and lines, folded from the ledger."""
