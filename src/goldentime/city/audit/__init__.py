"""Room: city/audit."""
