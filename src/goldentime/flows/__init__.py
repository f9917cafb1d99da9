"""What the platform does, one story a file, in rooms; ports.py is what the stories need of the world."""
