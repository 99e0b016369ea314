"""Time: instants, spans, zones, calendars, periods."""
