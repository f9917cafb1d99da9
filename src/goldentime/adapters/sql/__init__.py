"""Storage in SQLite or PostgreSQL."""

from goldentime.adapters.sql.store import SqlStore, open_store, verify

__all__ = ["SqlStore", "open_store", "verify"]
