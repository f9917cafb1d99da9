"""Which address plays which camera."""
