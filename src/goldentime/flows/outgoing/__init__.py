"""How agencies are told: put with the change that causes it, sent until they have it, never twice."""
