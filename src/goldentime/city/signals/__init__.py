"""Signal priority (긴급차량 우선신호): which signals clear the way for a unit, and when."""
