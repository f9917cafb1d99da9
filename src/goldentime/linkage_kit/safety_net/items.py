"""How the sender's own key and value pairs (ocrEvtItem) are read: many spellings, none lost, never too many."""

from collections.abc import Iterator
from typing import Any

from goldentime.core.text import Text
from goldentime.linkage_kit.ledger import Ledger
from goldentime.linkage_kit.safety_net.codes import SafetyNetCodes
from goldentime.linkage_kit.safety_net.envelope import bad, compound, listed, shown, text_of
from goldentime.messages.report import keep_every_item

_ITEMS = Text("항목", "items")


def read_items(value: Any, settings: SafetyNetCodes, ledger: Ledger) -> dict[str, str]:
    """The pairs; refuses more than the site's limit, leaves out and notes what cannot be read."""
    entries = listed(value)
    if entries is None:
        problem = Text(
            "ocrEvtItem(항목)을 읽을 수 없어 제외했습니다.", "ocrEvtItem (items) could not be read and was left out."
        )
        ledger.repaired("ocrEvtItem", shown(value), _ITEMS, problem)
        return {}
    limit = settings.max_items
    if len(entries) > limit:
        ko, en = (
            f"항목이 너무 많습니다({len(entries)}개, 최대 {limit}).",
            f"Too many items ({len(entries)}, at most {limit}).",
        )
        ledger.refuse(bad(ko, en, field="ocrEvtItem"), str(len(entries)))
        return {}
    items = keep_every_item(_pairs(entries, settings, ledger))
    for key, text in items.items() if ledger.explaining else ():
        ledger.understood(f"ocrEvtItem.{key}", text, f"항목 {key}", f"item {key}")
    return items


def _pairs(entries: list[Any], settings: SafetyNetCodes, ledger: Ledger) -> Iterator[tuple[str, str]]:
    unread = 0
    for entry in entries:
        pair = _pair(entry, settings)
        if pair is None:
            unread += 1
        elif pair[0]:
            yield pair[0], pair[1][: settings.max_text]
    if unread:
        problem = Text(
            f"읽을 수 없는 항목 {unread}개를 제외했습니다.", f"{unread} items could not be read and were left out."
        )
        ledger.repaired("ocrEvtItem", str(unread), _ITEMS, problem)


def _pair(entry: Any, settings: SafetyNetCodes) -> tuple[str, str] | None:
    """The key and value of one item; ("", "") for an empty one, None when it is none."""
    if not isinstance(entry, dict):
        return None
    key, value = entry.get("key"), entry.get("val")
    if key is None or value is None:
        fields = compound(entry, settings) or {}
        key, value = fields.get("key"), fields.get("val")
    key_text, value_text = text_of(key), text_of(value)
    if key_text is None or value_text is None or len(key_text) > 200:
        return None
    return key_text, value_text
