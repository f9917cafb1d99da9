"""How a camera is asked for its pictures."""
