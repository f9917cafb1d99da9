"""The log of facts: append, and follow from a cursor."""
