"""Events of TAK servers and radios, read from their streams."""
