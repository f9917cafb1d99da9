"""Room: city/people."""
