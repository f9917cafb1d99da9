"""How signals clear the way for units under way."""
