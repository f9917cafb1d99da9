"""The sample city: an invented Korean city drawn by our own code from a seed, as the files a city would have."""

from goldentime.sim.city.write import SampleCity, write_sample_city

__all__ = ["SampleCity", "write_sample_city"]
