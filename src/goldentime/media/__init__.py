"""Room: media."""
