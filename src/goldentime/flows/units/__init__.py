"""Which units are sent, how their states move, and where they are on the way."""
