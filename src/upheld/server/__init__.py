"""The server: settings, processes, the clock."""
