"""The safety net (스마트도시 안전망) over TCP: the same messages, their fields set apart by single bytes."""

from collections.abc import Mapping
from typing import Any

from goldentime.linkages.safety_net_tcp.linkage import NAME, SafetyNetTcp
from goldentime.linkages.safety_net_tcp.settings import TcpSettings, settings_from

__all__ = ["NAME", "SafetyNetTcp", "TcpSettings", "open_linkage", "settings_from"]


def open_linkage(table: Mapping[str, Any]) -> SafetyNetTcp:
    """The linkage under a site's settings table; raises OperatorsError for settings it does not know."""
    return SafetyNetTcp(settings_from(table))
