"""The city's inventory of camera sites."""
