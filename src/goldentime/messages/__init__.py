"""What outside parties say, as plain values."""
