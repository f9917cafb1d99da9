"""Which bytes of a message are separators, and which only look like one inside a letter."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

MOST_HANJA_IN_ITEMS = 8
MOST_PIECES = 128  # beyond so many doubtful pieces a message is not puzzled out
RARE_COST, SELDOM_COST = 4, 2
# Hanja that reports do hold: sexes, directions, the words of addresses, the commonest family names.
SELDOM = frozenset(
    "男女老少前後左右東西南北上下內外大中小新舊本社市道郡區邑面里洞路街驛車人名號日月年時分水火金木土"
    "金李朴崔鄭姜趙尹張林韓吳徐申權黃安宋柳洪全高文孫梁裵白許劉南沈盧河郭成車朱禹具羅池"
)

# Separators as control characters, which no text needs and which decode the same in every charset.
FIELD, PART, MIDDLE, START, END, FINISH = "\x1d", "\x1e", "\x1c", "\x02", "\x03", "\x04"
MARKS = FIELD + PART + MIDDLE + START + END + FINISH
_MARK_BYTES = MARKS.encode()

Signs = tuple[int, ...]  # the separators' codes in the order of MARKS


@dataclass(frozen=True, slots=True)
class Rule:
    """What one field may be: `written` by people or plain ASCII, of how many `parts`; 0 for any number of them."""

    written: bool
    parts: int = 1


def split_utf8(data: bytes, signs: Signs) -> list[str]:
    """The fields; raises UnicodeDecodeError. A byte that leads a letter is followed by a continuation byte."""
    try:
        text = data.translate(_translation(signs), _MARK_BYTES).decode()
    except UnicodeDecodeError:  # Cyrillic or Hebrew, whose letters begin with such bytes, or no UTF-8 at all
        table = _translation(signs)
        marked = _in_utf8(signs).sub(lambda found: found[0].translate(table), data.translate(None, _MARK_BYTES))
        text = marked.decode()
    return text.split(FIELD)


def split_letters(data: bytes, signs: Signs, rules: Sequence[Rule]) -> list[str] | None:
    """The fields when separators are written as letters; raises UnicodeDecodeError, None when they cannot be told."""
    text = data.translate(None, _MARK_BYTES).decode().translate(dict(zip(signs, MARKS, strict=True)))
    letters = {ord(mark): chr(sign) for mark, sign in zip(MARKS, signs, strict=True)}
    pieces = text.split(FIELD)
    if len(pieces) <= len(rules) or (len(pieces) == len(rules) + 1 and not pieces[-1]):
        return [_restored(piece, rule, letters) for piece, rule in zip(pieces, rules, strict=False)]

    def read(first: int, last: int, rule: Rule) -> str | None:
        text = FIELD.join(pieces[first:last])
        return _restored(text, rule, letters) if rule.written or text.isascii() else None

    return regroup(len(pieces), rules, read) or regroup(len(pieces) - 1, rules, read)


def split_cp949(data: bytes, signs: Signs, rules: Sequence[Rule]) -> list[str] | None:
    """The fields of CP949 text; None when they cannot be told, also when it is no CP949."""
    fields = _cut_cp949(data, signs[:2])
    likely = fields is not None and _may_be(fields, rules)
    if likely and not any(map(cost_of, fields or ())):
        return fields
    sign = bytes([signs[0]])
    pieces = data.translate(None, _MARK_BYTES).removesuffix(sign).split(sign)

    def read(first: int, last: int, rule: Rule) -> str | None:
        return _read_cp949(sign.join(pieces[first:last]), rule, signs)

    return regroup(len(pieces), rules, read) or (fields if likely else None)


def _may_be(fields: Sequence[str], rules: Sequence[Rule]) -> bool:
    """Whether there are as many fields as rules, none with more parts or letters than it may have."""
    if len(fields) > len(rules) and any(fields[len(rules) :]):
        return False
    return all(
        (rule.written or text.isascii()) and (rule.parts == 0 or text.count(PART) < rule.parts)
        for text, rule in zip(fields, rules, strict=False)
    )


def regroup(pieces: int, rules: Sequence[Rule], read: Callable[[int, int, Rule], str | None]) -> list[str] | None:
    """So many pieces put together into as many fields as there are rules, None when that cannot be.

    `read` gives the text of the pieces from first to last, None when they are none. A field nobody writes in is one
    piece. Of all ways the one with the fewest rare letters is taken: text cut inside a letter reads as rare ones.
    """
    fields = len(rules)
    if not fields <= pieces <= MOST_PIECES:
        return None
    known: dict[tuple[int, int, Rule], tuple[str, int] | None] = {}

    def weighed(first: int, last: int, rule: Rule) -> tuple[str, int] | None:
        if (first, last, rule) not in known:
            text = read(first, last, rule)
            known[first, last, rule] = None if text is None else (text, cost_of(text) + last - first - 1)
        return known[first, last, rule]

    reached: dict[int, tuple[int, tuple[str, ...]]] = {0: (0, ())}  # by pieces used: the cost, and the fields so far
    for number, rule in enumerate(rules):
        left, further = fields - number - 1, dict[int, tuple[int, tuple[str, ...]]]()
        for used, (cost, texts) in reached.items():
            most = pieces - left if rule.written else min(used + 1, pieces - left)
            for until in range(used + 1, most + 1):
                found = weighed(used, until, rule)
                if found is not None and (until not in further or cost + found[1] < further[until][0]):
                    further[until] = (cost + found[1], (*texts, found[0]))
        reached = further
    return list(reached[pieces][1]) if pieces in reached else None


def cost_of(text: str) -> int:
    """How unlikely the text is in a Korean message: letters beside ASCII, Hangul and their usual signs."""
    return sum(
        SELDOM_COST if letter in SELDOM else RARE_COST
        for letter in text
        if not (letter < "\x7f" or "가" <= letter <= "힣" or "ㄱ" <= letter <= "ㅣ" or letter in "·…“”‘’~")
    )


def _restored(text: str, rule: Rule, letters: dict[int, str]) -> str:
    """The text with its own letters back, the separators of parts left where the field has some."""
    if not rule.written:
        return text
    if rule.parts != 1:
        return text.translate({mark: letter for mark, letter in letters.items() if chr(mark) != PART})
    return text.translate(letters)


def _read_cp949(data: bytes, rule: Rule, signs: Signs) -> str | None:
    part = bytes([signs[1]])
    if not rule.written:
        plain = data.replace(part, PART.encode())
        return plain.decode() if plain.isascii() else None
    if rule.parts == 1 or part not in data:
        return _decoded(data)
    pieces = data.split(part)
    if rule.parts == 0:
        return _read_pairs(pieces, part) or _cut_pairs(data, signs)
    texts = regroup(
        len(pieces),
        [Rule(written=True)] * min(rule.parts, len(pieces)),
        lambda first, last, _: _decoded(part.join(pieces[first:last])),
    )
    return None if texts is None else PART.join(texts)


def _read_pairs(pieces: Sequence[bytes], part: bytes) -> str | None:
    """Keys in ASCII and texts in turn, as many pairs as leave the fewest rare letters; a last separator may stay."""

    def read(first: int, last: int, rule: Rule) -> str | None:
        text = _decoded(part.join(pieces[first:last]))
        return text if text is None or rule.written or (text.isascii() and text) else None

    pair = [Rule(written=False), Rule(written=True)]
    found = [
        texts
        for pairs in range(len(pieces) // 2, max(0, len(pieces) // 2 - MOST_HANJA_IN_ITEMS), -1)
        if (texts := regroup(len(pieces), pair * pairs, read)) is not None
    ]
    return PART.join(min(found, key=lambda texts: sum(map(cost_of, texts)))) if found else None


def _cut_pairs(data: bytes, signs: Signs) -> str | None:
    cut = _cut_cp949(data, signs[1:2])
    return None if cut is None else PART.join(cut)


def _cut_cp949(data: bytes, signs: Signs) -> list[str] | None:
    """The fields when every separator that stands where a letter may begin is one; None when that is no text."""
    found = _in_cp949(signs).findall(data.translate(None, _MARK_BYTES) + bytes([signs[0]]))
    cut = b"".join(text + mark for text, mark in found)
    if len(cut) != len(data.translate(None, _MARK_BYTES)) + 1:
        return None
    marks = _translation(signs)
    text = _decoded(b"".join(text + mark.translate(marks) for text, mark in found)[:-1])
    return None if text is None else text.split(MARKS[0])


def _decoded(data: bytes) -> str | None:
    try:
        return data.decode("cp949")
    except UnicodeDecodeError:
        return None


@lru_cache(maxsize=8)
def _translation(signs: Signs) -> bytes:
    """A table that turns each separator into its mark."""
    table = bytearray(range(256))
    for sign, mark in zip(signs, MARKS, strict=False):
        table[sign] = ord(mark)
    return bytes(table)


@lru_cache(maxsize=8)
def _in_utf8(signs: Signs) -> re.Pattern[bytes]:
    return re.compile(b"[" + re.escape(bytes(signs)) + b"](?![\x80-\xbf])")


@lru_cache(maxsize=8)
def _in_cp949(signs: Signs) -> re.Pattern[bytes]:
    """A run of text up to a separator that stands where a letter may begin."""
    leads = bytes(lead for lead in range(0x81, 0xFF) if lead not in signs)
    text = b"(?:[\x00-\x80\xff]|[" + re.escape(leads) + b"][\x41-\xfe])*+"
    return re.compile(b"(" + text + b")([" + re.escape(bytes(signs)) + b"])", re.DOTALL)
