"""Room: edges."""
