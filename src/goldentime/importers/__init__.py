"""A city's files in, with a report of every row repaired or set aside."""
