"""How each large part of a running city is put together; wiring joins them."""
