"""Services that are asked every few minutes: weather, beds."""
