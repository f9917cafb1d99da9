"""What the city's cameras are, and which of them should look at a scene."""
