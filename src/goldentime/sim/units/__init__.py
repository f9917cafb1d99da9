"""Simulated crews: they drive the real roads at the roads' own speeds, take orders, arrive, clear and go back."""
