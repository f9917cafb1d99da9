"""Room: edges/cli."""
