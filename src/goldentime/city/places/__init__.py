"""Room: city/places."""
