"""How the access log is read, and how personal data ends."""
