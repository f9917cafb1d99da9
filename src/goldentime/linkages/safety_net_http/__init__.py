"""The safety net (스마트도시 안전망) over HTTP: 112, 119, the disaster room and every agency behind it."""

from goldentime.linkages.safety_net_http.linkage import NAME, SafetyNetHttp
from goldentime.linkages.safety_net_http.settings import SafetyNetSettings, settings_from

__all__ = ["NAME", "SafetyNetHttp", "SafetyNetSettings", "settings_from"]
