"""The timetable: APScheduler is the clock, the database decides."""
