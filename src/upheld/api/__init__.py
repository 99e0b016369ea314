"""The REST API: what comes in is read strictly, a use case is called, what it gives is sent.

Nothing here touches a table, and nothing here reads the clock: `ports` are what the server gives.
"""
