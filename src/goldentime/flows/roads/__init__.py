"""How the roads stay as they are outside: closures, measured speeds, usual ones."""
