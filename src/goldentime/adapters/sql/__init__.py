"""Room: adapters/sql."""
