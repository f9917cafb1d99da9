"""Room: city/grants."""
