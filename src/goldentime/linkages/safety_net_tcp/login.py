"""Where a login over TCP keeps its API key."""

from goldentime.linkage_kit.safety_net.envelope import bad, text_of
from goldentime.linkages.safety_net_tcp.envelope import Opener
from goldentime.linkages.safety_net_tcp.settings import TcpSettings

_MAX_KEY = 512


def read_api_key(frame: bytes, opener: Opener, settings: TcpSettings) -> str | None:
    """The body's one field when svcTy says login, None for other messages; raises BadMessage."""
    begin = frame.partition(settings.separator(settings.separators.field))[0]
    if not begin.isascii() or begin.decode().strip().upper() not in settings.login_types:
        return None
    key = text_of(opener.open(frame).body.get("apikey")) or ""
    if not key:
        raise bad("필수 항목 apiKey가 없습니다.", "The mandatory apiKey is missing.", field="apiKey", type_code="4101")
    if len(key) > _MAX_KEY or not key.isascii():
        raise bad("apiKey의 형식이 맞지 않습니다.", "The apiKey has the wrong type.", field="apiKey", type_code="4102")
    return key
