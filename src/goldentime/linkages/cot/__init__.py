"""Cursor on Target, the language of TAK: what its events say of where a vehicle is."""

from goldentime.linkages.cot.read import CotEvent, read_event

NAME = "cot"

__all__ = ["NAME", "CotEvent", "read_event"]
