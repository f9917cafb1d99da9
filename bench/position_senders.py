"""How places of vehicles are sent to a platform in a bench: streams flat out or at a pace, and posts on time."""

import gc
import json
import multiprocessing as mp
import re
import select
import socket
import time
from collections import deque
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from bench.ending import BenchFailed, die_with_parent
from bench.report import request

VEHICLES, HERTZ, SECONDS = 2_000, 10, 15
PER_SECOND = VEHICLES * HERTZ
POSTS, CONNECTIONS = 100, 8  # requests a second, each with what a gateway gathered meanwhile, over kept connections
TAKEN, REFUSED = re.compile(rb'"taken":(\d+)'), re.compile(rb'"refused":[1-9][^}]*}')
STARTED = datetime.now(UTC)  # the cars set out


def make_lines(count: int, begins: datetime, places: list[tuple[float, float]], seed: int) -> list[bytes]:
    """NDJSON of every vehicle in turn, each driving on from a place of its own; one piece a tenth of a second."""
    chance = Random(seed)  # noqa: S311  (a play, not a secret)
    cars = [list(places[number % len(places)]) for number in range(VEHICLES)]
    driven = 1.2e-5 * HERTZ * (begins - STARTED).total_seconds()  # also while nobody was told
    for number, car in enumerate(cars):
        car[1] += driven if number % 2 else -driven
    pieces = []
    for tick in range(count // VEHICLES):
        at = (begins + timedelta(seconds=tick / HERTZ)).isoformat()
        rows = []
        for number, car in enumerate(cars):
            car[0] += chance.uniform(-1, 1) * 5e-6
            car[1] += 1.2e-5 if number % 2 else -1.2e-5
            rows.append(
                f'{{"unit":"car{number}","lon":{car[0]:.6f},"lat":{car[1]:.6f},"at":"{at}",'
                f'"speed_kmh":48.0,"heading":{0 if number % 2 else 180},"accuracy_m":5.0}}'
            )
        pieces.append(("\n".join(rows) + "\n").encode())
    return pieces


def send_stream(port: int, path: str, key: str, pieces: list[bytes], pace: float) -> int:
    """How many were taken; a piece every `pace` seconds (0: as fast as they are read)."""
    with socket.create_connection(("127.0.0.1", port)) as wire:
        head = f"POST {path} HTTP/1.1\r\nHost: city\r\nX-Goldentime-Key: {key}\r\n"
        head += "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
        wire.sendall(head.encode())
        started = time.perf_counter()
        for number, piece in enumerate(pieces):
            if pace:
                time.sleep(max(0.0, started + number * pace - time.perf_counter()))
            wire.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        wire.sendall(b"0\r\n\r\n")
        answer = b""
        while b"}" not in answer.partition(b"\r\n\r\n")[2] and (part := wire.recv(65536)):
            answer += part
    if b" 200 " not in answer[:20]:
        raise BenchFailed(answer[:300].decode(errors="replace"))
    return int(json.loads(answer.partition(b"\r\n\r\n")[2])["taken"])


def sender(told: Any, port: int, path: str, key: str, pieces: list[bytes], pace: float) -> None:
    die_with_parent()
    began = time.perf_counter()
    told.send((send_stream(port, path, key, pieces, pace), time.perf_counter() - began))


def sent(port: int, path: str, key: str, pieces: list[bytes], pace: float = 0.0) -> Any:
    """The process that sends, and where it tells what was taken."""
    here, there = mp.Pipe()
    process = mp.get_context("fork").Process(target=sender, args=(there, port, path, key, pieces, pace))
    process.start()
    return process, here


def make_posts(begins: datetime, places: list[tuple[float, float]], key: str) -> list[bytes]:
    """Whole requests, one each hundredth of a second: the fixes an agency's gateway has gathered in that time."""
    lines = [piece.splitlines() for piece in make_lines(PER_SECOND * SECONDS, begins, places, 1)]
    size, posts = PER_SECOND // POSTS, []
    for tick in lines:
        for start in range(0, VEHICLES, size):
            body = b"[" + b",".join(tick[start : start + size]) + b"]"
            posts.append(request("/api/positions", body, f"X-Goldentime-Key: {key}\r\n"))
    return posts


def send_posts(told: Any, port: int, begins: float, posts: list[bytes]) -> None:
    """Send each at its time over a few kept connections; tells how many were taken and how long each answer took."""
    die_with_parent()
    gc.disable()
    wires = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
    waiting: dict[socket.socket, deque[float]] = {wire: deque() for wire in wires}
    answers: dict[socket.socket, list[bytes]] = {wire: [] for wire in wires}
    waits, number, until = [], 0, begins + len(posts) / POSTS + 10.0
    while number < len(posts) or (any(waiting.values()) and time.time() < until):
        due = begins + number / POSTS - time.time() if number < len(posts) else 0.05
        if due <= 0:
            wire = wires[number % CONNECTIONS]
            wire.sendall(posts[number])
            waiting[wire].append(time.perf_counter())
            number, due = number + 1, 0.0
        for wire in select.select(wires, [], [], due)[0]:
            part = wire.recv(65536)
            answers[wire].append(part)
            waits += [time.perf_counter() - waiting[wire].popleft() for _ in range(part.count(b'"taken":'))]
    took = time.time() - begins
    said = b"".join(part for parts in answers.values() for part in parts)
    taken = sum(int(one) for one in TAKEN.findall(said))
    refused = next(iter(REFUSED.findall(said)), b"").decode()
    told.send((taken, took, waits, refused))
