"""Room: edges/http."""
