"""Room: city."""
