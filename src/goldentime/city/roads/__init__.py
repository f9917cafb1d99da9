"""The city's roads."""
