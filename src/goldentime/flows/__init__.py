"""What the platform does, one story a file; ports.py is what the stories need of the world."""
