"""The safety net (스마트도시 안전망) over HTTP: 112, 119, the disaster room and every agency behind it."""

from collections.abc import Mapping
from typing import Any

from goldentime.linkages.safety_net_http.linkage import NAME, SafetyNetHttp
from goldentime.linkages.safety_net_http.settings import SafetyNetSettings, settings_from

__all__ = ["NAME", "SafetyNetHttp", "SafetyNetSettings", "open_linkage", "settings_from"]


def open_linkage(table: Mapping[str, Any]) -> SafetyNetHttp:
    """The linkage under a site's settings table; raises OperatorsError for settings it does not know."""
    return SafetyNetHttp(settings_from(table))
