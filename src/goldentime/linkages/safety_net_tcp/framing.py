"""Where a safety-net message ends in a TCP stream: by its structure and its bodyLen, never by one byte alone."""

import re
from dataclasses import dataclass
from functools import cached_property

from goldentime.linkage_kit.framing import MORE, NONE
from goldentime.linkages.safety_net_tcp.settings import TcpSettings

ANSWER_FIELDS = 3  # result, message, type
LARGEST_ANSWER = 32 << 10


@dataclass(frozen=True)
class SafetyNetShape:
    """Messages begin with their svcTy, answers with the body start; both end with body end and finish.

    In UTF-8 with one-byte separators no text holds the end, so the first one counts. In CP949, with separators written
    as letters, and for a sealed body, text may hold anything: there the length given by bodyLen counts, and only when
    the end is not where it says the first end behind a complete set of fields.
    """

    settings: TcpSettings

    @cached_property
    def margin(self) -> int:
        """The longest beginning, less one byte."""
        return max(map(len, self._beginnings)) - 1

    def find_start(self, held: bytearray, since: int) -> int:
        """Where a svcTy and its separator stand, or the body start of an answer's result."""
        found = self._starts.search(held, since)
        return found.start() if found else -1

    def find_end(self, held: bytearray, seen: int) -> int:
        """Just behind the finish of the message or answer at the beginning."""
        if self._starts.match(held) is None:
            return MORE if any(one.startswith(held.upper()) for one in self._beginnings) else NONE
        if held.startswith(self._start):
            return self._answer_end(held)
        body = self._body_start(held)
        return body if body <= 0 else self._message_end(held, body, seen)

    def _body_start(self, held: bytearray) -> int:
        """Just behind the first body start that has a head's fields before it."""
        wanted, most = len(self.settings.head_fields) - 1, self.settings.max_head
        at = held.find(self._middle, 0, most)
        while at >= 0:
            count = held.count(self._field, 0, at)
            if count > wanted and self._begins_again(held, 1, at, wanted):
                return NONE  # the one before was cut off in its head
            if count >= wanted:
                return at + len(self._middle)
            at = held.find(self._middle, at + 1, most)
        return MORE if len(held) < most else NONE

    def _message_end(self, held: bytearray, body: int, seen: int) -> int:
        width = len(self._end)
        length, sealed = None, False
        if not self._sure or held.find(self._sealed_sign, 0, body) >= 0:
            length, sealed = self._told(held, body)
        if length is not None and (sealed or not self._sure):
            end = body + length
            if end + width <= self.settings.max_body and len(held) < end + width:
                return MORE
            if held.startswith(self._end, end):
                return end + width  # whatever stands in it: people write it, and it must not become a message
            waited = end + width <= self.settings.max_body and seen < end + width  # nothing was looked at before
            seen = body if waited else seen
        at = held.find(self._end, max(body, seen - width))
        if self._sure:
            if at >= 0 and held.find(self._middle, body, at) >= 0:
                return NONE  # two of them: the first was cut off
            return MORE if at < 0 else at + width
        return self._end_by_structure(held, body, at)

    def _end_by_structure(self, held: bytearray, body: int, at: int) -> int:
        """Behind the first end, at `at` or later, that has a complete set of fields before it."""
        wanted = len(self.settings.body_fields) - 1
        count, counted = 0, body
        while at >= 0:
            count, counted = count + held.count(self._field, counted, at), at
            if count >= wanted:
                return NONE if self._begins_again(held, body, at, self._both) else at + len(self._end)
            at = held.find(self._end, at + 1)
        return MORE

    def find_last_end(self, held: bytearray) -> int:
        """Behind the first end that has a complete set of fields before it, where bodyLen asked for more bytes."""
        if self._starts.match(held) is None or held.startswith(self._start):
            return NONE
        body = self._body_start(held)
        if body <= 0:
            return NONE
        at = held.find(self._end, body)
        _, sealed = self._told(held, body)
        if sealed:  # its fields cannot be counted: it is whole when nothing stands behind the end
            return len(held) if at >= 0 and held.endswith(self._end) else NONE
        end = self._end_by_structure(held, body, at)
        return NONE if end == MORE else end

    def _begins_again(self, held: bytearray, since: int, until: int, fields: int) -> bool:
        """Whether another message begins there, with so many separators behind it."""
        found = self._messages.search(held, since, until)
        return found is not None and held.count(self._field, found.start(), until) >= fields

    def _answer_end(self, held: bytearray) -> int:
        at = held.find(self._end, len(self._start))
        while at >= 0:
            if held.count(self._field, 0, at) >= ANSWER_FIELDS - 1 and self._answers.match(held, 0, at):
                return at + len(self._end)
            if self._sure and held.find(self._middle, 0, at) >= 0:
                return NONE  # a message stands in it: no answer began here, or it was cut off
            at = held.find(self._end, at + 1)
        return MORE if len(held) < LARGEST_ANSWER else NONE

    def _told(self, held: bytearray, body: int) -> tuple[int | None, bool]:
        """What the head says of the body: its length when it is a number, and whether it is sealed."""
        fields = held[: body - len(self._middle)].split(self._field)
        length = bytes(fields[self._length_at])
        told = int(length) if length.isdigit() and len(length) <= 7 else None
        sealed = self._sealed_at is not None and fields[self._sealed_at] == b"Y"
        return told or None, sealed

    def _types(self) -> list[bytes]:
        return [one.upper().encode() for one in sorted(self.settings.service_types | self.settings.login_types)]

    @cached_property
    def _beginnings(self) -> tuple[bytes, ...]:
        answers = [self._start + result + self._field for result in (b"0", b"1")]
        return (*(one + self._field for one in self._types()), *answers)

    @cached_property
    def _messages(self) -> re.Pattern[bytes]:
        types = b"|".join(re.escape(one) for one in self._types())
        return re.compile(b"(?i:" + types + b")" + re.escape(self._field))

    @cached_property
    def _starts(self) -> re.Pattern[bytes]:
        answer = re.escape(self._start) + b"[01]" + re.escape(self._field)
        return re.compile(self._messages.pattern + b"|" + answer)

    @cached_property
    def _answers(self) -> re.Pattern[bytes]:
        """An answer whole: its last field is the four digits of its type."""
        field, start = re.escape(self._field), re.escape(self._start)
        return re.compile(start + b"[01]" + field + b".*" + field + b"[0-9]{4}(?:" + field + b")?\\Z", re.DOTALL)

    @cached_property
    def _field(self) -> bytes:
        return self.settings.separator(self.settings.separators.field)

    @cached_property
    def _start(self) -> bytes:
        return self.settings.separator(self.settings.separators.start)

    @cached_property
    def _middle(self) -> bytes:
        return self.settings.separator(self.settings.separators.middle) + self._start

    @cached_property
    def _end(self) -> bytes:
        signs = self.settings.separators
        return self.settings.separator(signs.end) + self.settings.separator(signs.finish)

    @cached_property
    def _sure(self) -> bool:
        return self.settings.charset == "utf-8" and self.settings.separators_as == "bytes"

    @cached_property
    def _sealed_sign(self) -> bytes:
        """What every head of a sealed message holds, and hardly another."""
        return self._field + b"Y" + self._field

    @cached_property
    def _both(self) -> int:
        """How many separators two messages have between the first one's body and the second one's end."""
        return len(self.settings.body_fields) + len(self.settings.head_fields) - 2

    @cached_property
    def _length_at(self) -> int:
        return self.settings.head_fields.index("bodyLen")

    @cached_property
    def _sealed_at(self) -> int | None:
        return self.settings.head_fields.index("encAt") if "encAt" in self.settings.head_fields else None
