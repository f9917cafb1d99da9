"""How pictures become fragments that a browser plays."""
