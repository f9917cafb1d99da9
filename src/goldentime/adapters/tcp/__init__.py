"""Our own connections to agencies whose wire is TCP."""
