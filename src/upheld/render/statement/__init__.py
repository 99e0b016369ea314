"""Statements as people read them: a page of the record alone, as text, HTML and PDF, in two languages."""
