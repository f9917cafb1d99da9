"""Room: sim."""
