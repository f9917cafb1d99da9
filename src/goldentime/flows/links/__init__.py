"""How each linkage is doing, and what went over it."""
