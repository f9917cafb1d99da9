"""goldentime: the right cameras, live and lawful, in front of the right agency (스마트시티 통합플랫폼)."""

__version__ = "0.1.0"
