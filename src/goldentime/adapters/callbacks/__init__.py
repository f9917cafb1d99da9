"""Our answers to the addresses agencies name."""
