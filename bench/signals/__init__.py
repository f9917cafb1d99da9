"""Signal priority in eclipse-sumo on Suwon's own node-link; runs in the rivals' environment, not the project's."""
