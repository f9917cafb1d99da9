"""How a drill is run: a platform of its own in drill mode, a day of calls over the real wire, and what came of it."""

from goldentime.drill.play import drill

__all__ = ["drill"]
