"""How our answers, orders and news are written behind a fixed head."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from goldentime.core.clock import KST
from goldentime.core.place import LonLat
from goldentime.linkage_kit.safety_net.outgoing import STATES_SAID
from goldentime.linkage_kit.values import clean
from goldentime.linkages.fixed_head_tcp.head import read_head, write_head
from goldentime.linkages.fixed_head_tcp.settings import FixedHeadSettings
from goldentime.messages.news import News, Topic
from goldentime.messages.order import Order


class Writer:
    """Writes under one site's settings."""

    def __init__(self, settings: FixedHeadSettings) -> None:
        """The separators as they stand on the wire."""
        self._settings = settings

    def verdict(self, type_code: str, words: str) -> bytes:
        """The type and words of an answer, to stand behind the number of what is answered."""
        return self._joined((type_code, words))

    def answer(self, frame: bytes, verdict: bytes, *, ok: bool, at: datetime) -> bytes:
        """A whole answer: the head of what is answered turned round, its number, and the verdict."""
        asked = read_head(frame)
        settings = self._settings
        state = settings.answer_ok if ok else settings.answer_error
        number = b"" if asked is None else _first_field(frame, settings)
        body = number + settings.separator.encode() + verdict
        kind, receiver = (asked.message_type, asked.sender) if asked else (settings.incident_type, "")
        return self._whole(kind, state, receiver, body, at)

    def login(self, api_key: str, at: datetime) -> bytes:
        """A login of ours."""
        values = {"SENDER_ID": self._settings.our_sender_id, "API_KEY": api_key}
        body = self._joined(values.get(name, "") for name in self._settings.login_fields)
        return self._whole(self._settings.login_type, "", "", body, at)

    def order(self, order: Order) -> bytes:
        """An order to units: changed once some are taken back, cancelled when none is left."""
        state = STATES_SAID[order.state]
        values = {
            "SEND_NUM": order.apart or order.number,
            "MSG_NO": order.message_number,
            "INCIDENT_NO": order.incident_number,
            "UNIT_CD": ",".join(order.units),
            "UNIT_WITHDRAWN": ",".join(order.withdrawn),
            "EVT_TYP": order.title,
            "ADDR": order.place_words,
            "CONTENT": order.content,
            "DRILL_YN": "Y" if order.drill else "",
            "REF_NUM": order.number if order.apart else "",
            **self._common(order.place, order.at),
        }
        system = self._system(order.agency, order.service)
        return self._message(self._settings.order_type, state, system, self._settings.order_fields, values, order.at)

    def news(self, news: News) -> bytes:
        """Our word about an occurrence under its agency's own number."""
        values = {
            **news.items,
            "SEND_NUM": news.apart or news.occurrence,
            "MSG_NO": news.number,
            "INCIDENT_NO": news.incident_number,
            "TOPIC": news.topic.value,
            "ADDR": news.place_words,
            "EVT_TYP": news.kind_name or news.kind,
            "CONTENT": news.content.in_language("ko" if self._settings.language == "ko" else "en"),
            "DRILL_YN": "Y" if news.drill else "",
            "REF_NUM": news.occurrence if news.apart else "",
            **self._common(news.place, news.at),
        }
        system = news.sender or self._system(news.agency, news.kind)
        kind, fields = self._settings.incident_type, self._settings.news_fields
        if news.topic is Topic.VIDEO:  # the layout its asker used, and what was decided
            fields, values = self._settings.control_answer_fields, {**values, "SEND_NUM": news.asked or news.occurrence}
        return self._message(kind, STATES_SAID[news.state], system, fields, values, news.at)

    def _message(
        self, kind: str, state: str, system: str, fields: tuple[str, ...], values: Mapping[str, str], at: datetime
    ) -> bytes:
        return self._whole(kind, state, system, self._joined(values.get(name, "") for name in fields), at)

    def _common(self, place: LonLat | None, at: datetime) -> dict[str, str]:
        return {
            "LON": f"{place.lon:.6f}" if place else "",
            "LAT": f"{place.lat:.6f}" if place else "",
            "EVT_DTM": at.astimezone(KST).strftime("%Y%m%d%H%M%S"),
            "SENDER_ID": self._settings.our_sender_id,
        }

    def _system(self, agency: str, kind: str) -> str:
        """Which system an agency is: as configured, else the one its kinds begin with."""
        known = self._settings.receiver_systems.get(agency)
        return known or next((one for one in sorted(self._settings.systems) if kind.startswith(one)), agency[-3:])

    def _joined(self, texts: Iterable[str]) -> bytes:
        separator = self._settings.separator
        plain = (clean(text).replace(separator, " ") for text in texts)
        return separator.join(plain).encode(self._settings.charset, "replace")

    def _whole(self, kind: str, state: str, receiver: str, body: bytes, at: datetime) -> bytes:
        whole = body + self._settings.terminator.encode()
        head = write_head(kind, state, sender=self._settings.our_system, receiver=receiver, at=at, length=len(whole))
        return head + whole


def _first_field(frame: bytes, settings: FixedHeadSettings) -> bytes:
    """SEND_NUM as it came, when it may be said again."""
    body = frame[48:].removesuffix(settings.terminator.encode())
    fields = body.split(settings.separator.encode(), 2)
    is_control = len(fields) > 1 and fields[0].decode("ascii", "replace") in settings.controls  # CTL_TYP stands first
    first = fields[1 if is_control else 0]
    return first if len(first) <= 40 and first.isascii() else b""
