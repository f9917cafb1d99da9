"""Where every unit is, by whichever way it says so."""
