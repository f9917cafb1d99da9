"""How every incident's golden time is kept and read."""
