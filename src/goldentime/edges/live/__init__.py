"""Room: edges/live."""
