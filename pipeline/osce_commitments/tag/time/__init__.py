"""When: dates, deadlines, periods, meetings that set a date."""
