"""Room: city/incidents."""
