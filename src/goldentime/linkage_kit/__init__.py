"""Room: linkage_kit."""
