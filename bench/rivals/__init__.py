"""Other people's routing engines, each in an environment of its own, on the very same roads."""
