"""How an incident opens, is handled, joined and closed, and which cameras it has."""
