"""Room: city/agencies."""
