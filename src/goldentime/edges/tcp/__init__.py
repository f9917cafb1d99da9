"""How agencies that speak over TCP come in."""
