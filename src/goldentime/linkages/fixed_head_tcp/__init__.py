"""The older message with a fixed head over TCP: 112, 119, vulnerable people, and video control between users."""

from collections.abc import Mapping
from typing import Any

from goldentime.linkages.fixed_head_tcp.linkage import NAME, FixedHeadTcp
from goldentime.linkages.fixed_head_tcp.settings import FixedHeadSettings, settings_from

__all__ = ["NAME", "FixedHeadSettings", "FixedHeadTcp", "open_linkage", "settings_from"]


def open_linkage(table: Mapping[str, Any]) -> FixedHeadTcp:
    """The linkage under a site's settings table; raises OperatorsError for settings it does not know."""
    return FixedHeadTcp(settings_from(table))
