"""The sample city: an invented Korean city drawn by our own code from a seed, as the files a city would have."""
