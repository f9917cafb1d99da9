"""Room: city/cameras."""
