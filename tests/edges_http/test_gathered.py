"""What one turn of the loop writes leaves in one piece, in order, and nothing is left behind at the end."""

import asyncio

from goldentime.edges.http.gathered import Gathered


class Wire:
    """A transport that remembers what left it."""

    def __init__(self) -> None:
        self.left: list[bytes | str] = []
        self.gone = False

    def is_closing(self) -> bool:
        return self.gone

    def write(self, data: bytes) -> None:
        self.left.append(data)

    def write_eof(self) -> None:
        self.left.append("eof")

    def close(self) -> None:
        self.left.append("closed")

    def set_protocol(self, protocol: object) -> None:
        self.left.append("handed on")

    def get_extra_info(self, name: str) -> str:
        return f"the wire's {name}"


def gathered(wire: Wire) -> Gathered:
    return Gathered(wire, asyncio.get_running_loop())  # type: ignore[arg-type]


async def test_head_and_body_written_in_one_turn_leave_as_one() -> None:
    wire = Wire()
    transport = gathered(wire)
    transport.write(b"head ")
    transport.writelines([b"body ", b"end"])
    assert wire.left == []
    await asyncio.sleep(0)
    assert wire.left == [b"head body end"]


async def test_turns_do_not_wait_for_one_another() -> None:
    wire = Wire()
    transport = gathered(wire)
    for piece in (b"first", b"second"):
        transport.write(piece)
        await asyncio.sleep(0)
    assert wire.left == [b"first", b"second"]


async def test_closing_ending_and_handing_on_come_after_what_waits() -> None:
    for end, mark in (
        (Gathered.close, "closed"),
        (Gathered.write_eof, "eof"),
        (lambda one: one.set_protocol(asyncio.Protocol()), "handed on"),
    ):
        wire = Wire()
        transport = gathered(wire)
        transport.write(b"last words")
        end(transport)
        await asyncio.sleep(0)
        assert wire.left == [b"last words", mark]


async def test_whatever_else_is_asked_the_transport_itself_answers() -> None:
    assert gathered(Wire()).get_extra_info("peername") == "the wire's peername"


async def test_what_waits_for_someone_who_has_gone_is_dropped_without_a_word() -> None:
    wire = Wire()
    transport = gathered(wire)
    transport.write(b"the end of an answer")
    wire.gone = True
    await asyncio.sleep(0)
    assert wire.left == []
