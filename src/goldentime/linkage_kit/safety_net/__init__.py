"""What the safety net (스마트도시 안전망) means on any of its wires: codes, fields, the weak cipher, our words."""
