"""How messages are found in a stream of bytes: whole ones, and what is none, in bounded memory."""

from dataclasses import dataclass
from typing import Final, Literal, Protocol

Problem = Literal["garbage", "oversized", "cut_off"]
MORE: Final = 0  # a message has begun and goes on
NONE: Final = -1  # no message begins here


@dataclass(frozen=True, slots=True)
class Frame:
    """One whole message as it came, or with a `problem` the beginning of something that is none."""

    data: bytes
    problem: Problem | None = None


class Framer(Protocol):
    """Takes a connection's bytes as they come; how they are cut never changes which messages are found."""

    @property
    def held(self) -> int:
        """Bytes of a message that has begun and is not whole yet."""
        ...

    @property
    def lost(self) -> int:
        """Bytes dropped since the last whole message; a sender that goes on so is not worth hearing."""
        ...

    def feed(self, data: bytes) -> list[Frame]:
        """What has become whole with these bytes; never raises, and never holds more than one message."""
        ...

    def rest(self) -> Frame | None:
        """What is held when nothing more will come, as cut off; the framer begins anew."""
        ...


class Shape(Protocol):
    """What one wire's messages look like; this is all that the author of a stream linkage writes."""

    @property
    def margin(self) -> int:
        """How many bytes at the end of a read may be the first of a message's beginning."""
        ...

    def find_start(self, held: bytearray, since: int) -> int:
        """Where at or after `since` a message may begin, -1 when nowhere."""
        ...

    def find_end(self, held: bytearray, seen: int) -> int:
        """Just behind the end of the message `held` begins with, or MORE, or NONE; `seen` bytes told MORE before."""
        ...


class ShapeFramer:
    """Finds messages of one shape; after what is none it takes up again where a message may begin."""

    def __init__(self, shape: Shape, *, largest: int, kept: int = 64 << 10, between: bytes = b"\r\n") -> None:
        """`largest` bytes of one message, `kept` of what is none; bytes of `between` may stand between messages."""
        self._shape = shape
        self._largest = largest
        self._kept = kept
        self._between = between
        self._held = bytearray()
        self._seen = 0
        self._astray = False
        self.lost = 0

    @property
    def held(self) -> int:
        """Bytes of a message that has begun and is not whole yet."""
        return 0 if self._astray else len(self._held)

    def feed(self, data: bytes) -> list[Frame]:
        """What has become whole with these bytes."""
        held = self._held
        held += data
        frames: list[Frame] = []
        while held:
            if self._astray and not self._found_again():
                break
            if held[0] in self._between:
                del held[0]
                continue
            end = self._shape.find_end(held, self._seen)
            if end > 0:
                problem: Problem | None = "oversized" if end > self._largest else None
                frames.append(Frame(bytes(held[: self._kept if problem else end]), problem))
                self.lost = self.lost + end if problem else 0
                del held[:end]
                self._seen = 0
            elif end == NONE:
                frames.append(self._astray_with("garbage"))
            elif len(held) > self._largest:
                frames.append(self._astray_with("oversized"))
            else:
                self._seen = len(held)
                break
        return frames

    def rest(self) -> Frame | None:
        """What is held when nothing more will come."""
        begun = b"" if self._astray else bytes(self._held[: self._kept])
        self._held.clear()
        self._seen, self._astray = 0, False
        return Frame(begun, "cut_off") if begun else None

    def _astray_with(self, problem: Problem) -> Frame:
        """The beginning of what is no message; what follows is dropped until one begins."""
        after = self._shape.find_start(self._held, 1)
        end = len(self._held) if after < 0 else after
        frame = Frame(bytes(self._held[: min(end, self._kept)]), problem)
        self._drop(after if after > 0 else max(1, end - self._shape.margin))
        self._astray = after < 0
        return frame

    def _found_again(self) -> bool:
        start = self._shape.find_start(self._held, 0)
        if start < 0:
            self._drop(max(0, len(self._held) - self._shape.margin))
            return False
        self._drop(start)
        self._astray = False
        return True

    def _drop(self, count: int) -> None:
        del self._held[:count]
        self.lost += count
        self._seen = 0
