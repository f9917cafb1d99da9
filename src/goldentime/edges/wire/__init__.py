"""What leaves the house as JSON, the same for a page's question and for the live feed."""
