"""How messages are found in a stream of bytes: whole ones, and what is none, in bounded memory."""

from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeGuard

Problem = Literal["garbage", "oversized", "cut_off"]
MORE: Final = 0  # a message has begun and goes on
NONE: Final = -1  # no message begins here
LAST_LOOKS: Final = 16  # in a row that find no message in what is left when nothing more comes


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

    def rest(self) -> list[Frame]:
        """What is held when nothing more will come, most often cut off; the framer begins anew."""
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
        """Just behind the end of the message `held` begins with, or MORE, or NONE; `seen` bytes told MORE before.

        An end that is not there yet may be told of a message that is too large.
        """
        ...


class LateShape(Shape, Protocol):
    """A shape that waits for bytes though the message may be whole, and can tell so when no more come."""

    def find_last_end(self, held: bytearray) -> int:
        """Just behind the end of the message `held` begins with, NONE when it was cut off."""
        ...


def ends_late(shape: Shape) -> TypeGuard[LateShape]:
    """Whether the shape has a last word when nothing more comes."""
    return hasattr(shape, "find_last_end")


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
            if 0 < end <= self._largest:
                frames.append(Frame(bytes(held[:end])))
                self.lost = 0
                del held[:end]
                self._seen = 0
            elif end > 0:
                frames.append(self._astray_with("oversized", since=end if end <= len(held) else 1))
            elif end == NONE:
                frames.append(self._astray_with("garbage"))
            elif len(held) > self._largest:
                frames.append(self._astray_with("oversized"))
            else:
                self._seen = len(held)
                break
        return frames

    def rest(self) -> list[Frame]:
        """What is held when nothing more will come; what was cut off may have swallowed whole ones behind it."""
        frames: list[Frame] = []
        looks = LAST_LOOKS
        while self.held and looks:
            held = self._held
            end = self._shape.find_last_end(held) if ends_late(self._shape) else NONE
            if 0 < end <= self._largest:
                frames.append(Frame(bytes(held[:end])))
                del held[:end]
                self._seen = 0
            else:
                frames.append(self._astray_with("cut_off"))
            found = self.feed(b"")
            whole = frames[-1].problem is None or any(frame.problem is None for frame in found)
            looks = LAST_LOOKS if whole else looks - 1
            frames += found
        if self.held:  # heads upon heads and no message: told once for all of it
            frames.append(Frame(bytes(self._held[: self._kept]), "cut_off"))
            self._drop(len(self._held))
        self._held.clear()
        self._seen, self._astray = 0, False
        return frames

    def _astray_with(self, problem: Problem, *, since: int = 1) -> Frame:
        """The beginning of what is no message; what follows is dropped until one begins, at `since` or later."""
        after = self._shape.find_start(self._held, since)
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
