"""Many open maps in a process of their own, as cheap as can be: bytes counted and events stamped, nothing read."""

import gc
import multiprocessing as mp
import select
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

import msgspec

from bench.ending import BenchFailed, die_with_parent

MARK = b"event: units"
KEPT = 10  # maps whose bytes are kept, and read when all is over
ROOM = 1 << 20  # bytes taken from a socket at once


@dataclass
class Heard:
    """What all maps heard: `rates` of events a second by map, `ages` in seconds of every row of the kept ones."""

    size: int = 0
    lost: int = 0
    cpu: float = 0.0
    rates: list[float] = field(default_factory=list)
    ages: list[float] = field(default_factory=list)


class Maps:
    """The open maps, in the parent's eyes; `begin` starts the count anew, `end` tells it."""

    def __init__(self, wire: Connection) -> None:
        self._wire = wire
        if not wire.poll(60) or wire.recv() != "open":
            raise BenchFailed("the maps did not open")

    def begin(self) -> None:
        self._wire.send("begin")

    def end(self) -> Heard:
        self._wire.send("end")
        if not self._wire.poll(60):
            raise BenchFailed("the maps did not tell what they heard")
        heard: Heard = self._wire.recv()
        return heard


@contextmanager
def open_maps(port: int, tokens: Sequence[str]) -> Iterator[Maps]:
    """One map for each session, all told of every unit before this returns."""
    here, there = mp.Pipe()
    process = mp.get_context("fork").Process(target=_watch, args=(there, port, tokens))
    process.start()
    try:
        yield Maps(here)
    finally:
        process.terminate()
        process.join(10)


class _Map:
    """One connection; a kept one also has its bytes, and when each end of them came."""

    def __init__(self, port: int, token: str, *, kept: bool) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.sendall(
            f"GET /api/live HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: goldentime_session={token}\r\n\r\n".encode()
        )
        self.kept, self.tail, self.events = kept, b"", 0
        self.clear()

    def clear(self) -> None:
        self.events, self.size = 0, 0
        self.first = self.last = 0.0
        self.bytes, self.stamps = bytearray(), list[tuple[int, float]]()

    def take(self, data: memoryview) -> None:
        ends = self.tail + bytes(data[: len(MARK) - 1])  # a mark may lie across two reads
        if found := bytes(data).count(MARK) + ends.count(MARK):
            self.events += found
            self.last = time.perf_counter()
            self.first = self.first or self.last
        self.tail = (self.tail + bytes(data[-len(MARK) + 1 :]))[-len(MARK) + 1 :]
        self.size += len(data)
        if self.kept:
            self.bytes += data
            self.stamps.append((len(self.bytes), time.time()))

    def rate(self) -> float:
        """Events a second between the first and the last; 0 with fewer than two."""
        return (self.events - 1) / (self.last - self.first) if self.last > self.first else 0.0

    def ages(self) -> list[float]:
        """Of every row of every whole event: from when it was measured until the event's last byte was here."""
        found: list[float] = []
        text, stamps, at, start = bytes(self.bytes), iter(self.stamps), (0, 0.0), 0
        while (begins := text.find(b'{"full":', start)) >= 0 and (ends := text.find(b"\n\n", begins)) >= 0:
            while at[0] < ends + 2:
                at = next(stamps)
            rows = msgspec.json.decode(text[begins:ends])["at"]
            found += [at[1] - row[5] for row in rows]
            start = ends
        return found


class _Watching:
    """All maps of the process, and what the parent asks about them."""

    def __init__(self, told: Connection, port: int, tokens: Sequence[str]) -> None:
        opened = [_Map(port, token, kept=number < KEPT) for number, token in enumerate(tokens)]
        self.told, self.maps = told, {one.socket.fileno(): one for one in opened}
        self.lost, self.cpu = 0, 0.0

    def run(self) -> None:
        """Until the parent ends it."""
        poll, room, is_open = select.epoll(), memoryview(bytearray(ROOM)), False
        for number in (self.told.fileno(), *self.maps):
            poll.register(number, select.EPOLLIN)
        while True:
            for number, _ in poll.poll():
                if number == self.told.fileno():
                    self._answer()
                    continue
                got = self.maps[number].socket.recv_into(room)
                if got:
                    self.maps[number].take(room[:got])
                else:
                    poll.unregister(number)
                    self.lost += 1
            if not is_open and all(one.events for one in self.maps.values()):
                is_open = True
                self.told.send("open")

    def _answer(self) -> None:
        if self.told.recv() == "begin":
            for one in self.maps.values():
                one.clear()
            self.lost, self.cpu = 0, time.process_time()
            return
        used = time.process_time() - self.cpu
        maps = list(self.maps.values())
        ages = [age for one in maps if one.kept for age in one.ages()]
        size = sum(one.size for one in maps)
        self.told.send(Heard(size, self.lost, used, [one.rate() for one in maps], ages))


def _watch(told: Connection, port: int, tokens: Sequence[str]) -> None:
    die_with_parent()
    gc.disable()  # nothing here is a ring, and the kept bytes are many
    _Watching(told, port, tokens).run()
