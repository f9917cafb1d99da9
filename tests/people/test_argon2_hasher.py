import asyncio
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from goldentime.adapters.identity.argon2_hasher import Argon2Hasher
from goldentime.core.clock import monotonic
from goldentime.core.errors import TooManyTries


@pytest.fixture
def hasher() -> Iterator[Argon2Hasher]:
    made = Argon2Hasher(workers=2, waiting=4)
    yield made
    made.close()


async def test_a_password_fits_its_own_hash_and_no_other_does(hasher: Argon2Hasher) -> None:
    hashed = await hasher.hash("정든 비밀번호 열두 글자")
    assert extract_parameters(hashed).type is Type.ID
    assert await hasher.verify(hashed, "정든 비밀번호 열두 글자")
    assert not await hasher.verify(hashed, "다른 비밀번호")
    assert hashed != await hasher.hash("정든 비밀번호 열두 글자")


@pytest.mark.parametrize("hashed", ["", "not a hash", "$argon2id$v=19$broken"])
async def test_what_is_no_hash_fits_nothing(hasher: Argon2Hasher, hashed: str) -> None:
    assert not await hasher.verify(hashed, "anything")


async def test_a_missing_hash_costs_as_much_as_a_real_one(hasher: Argon2Hasher) -> None:
    real = await hasher.hash("the right password")

    async def cost(hashed: str) -> float:
        begin = monotonic()
        await hasher.verify(hashed, "the wrong password")
        return monotonic() - begin

    spans = [(await cost(""), await cost(real)) for _ in range(8)]  # in turns: a busy moment meets both
    missing, known = (min(side) for side in zip(*spans, strict=True))
    assert 0.5 < missing / known < 2


async def test_hashes_of_other_costs_are_outdated(hasher: Argon2Hasher) -> None:
    assert hasher.is_outdated(PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("x"))
    assert not hasher.is_outdated(await hasher.hash("x"))


async def test_the_event_loop_goes_on_while_hashing(hasher: Argon2Hasher) -> None:
    hashing = asyncio.create_task(hasher.hash("a long password"))
    turns = 0
    while not hashing.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 10


async def test_when_too_many_wait_the_next_is_told_to_come_back(hasher: Argon2Hasher) -> None:
    answers = await asyncio.gather(*(hasher.hash("x") for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(answer, TooManyTries) for answer in answers) == 4
    assert await hasher.hash("later")
