"""Room: linkages."""
