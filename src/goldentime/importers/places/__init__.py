"""Police boxes, 119 centres, emergency rooms, shelters, school zones and hydrants."""
