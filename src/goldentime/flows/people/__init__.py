"""Who may sign in, with which password or key, and for whom."""
