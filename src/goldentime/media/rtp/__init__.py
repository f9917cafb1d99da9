"""How packets become pictures."""
