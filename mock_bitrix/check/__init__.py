"""Running a worker through hard histories, and judging what became of the events."""
