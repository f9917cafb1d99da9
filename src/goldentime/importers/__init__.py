"""Room: importers."""
