"""Which agencies (기관) a city is linked with."""
