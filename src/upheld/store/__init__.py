"""The database: facts with their positions, what is in force, and what is kept of it for the live side.

Only this package and `app` know its tables. A fact exists twice, as a core value and as a row; `mapping` is
between them.
"""
