"""Against whom a try at signing in counts: the name, the address and both; and what a success forgives."""

from collections.abc import Sequence
from datetime import datetime

from goldentime.city.people.tries import PER_ADDRESS, PER_NAME, PER_PAIR, Allowance, Tries
from goldentime.core.errors import TooManyTries
from goldentime.core.text import Text

Kinds = Sequence[tuple[tuple[str, ...], Allowance]]


def sign_in_kinds(tries: Tries, name: str, address: str) -> Kinds:
    """What a try with this name from this address counts as."""
    who = name.casefold()
    kinds: list[tuple[tuple[str, ...], Allowance]] = [
        (("pair", who, address), PER_PAIR),
        (("address", address), PER_ADDRESS),
    ]
    if not tries.is_trusted(("pair", who, address)):  # strangers' tries do not slow a person at their own desk
        kinds.append((("name", who), PER_NAME))
    return kinds


def must_begin(tries: Tries, kinds: Kinds, at: datetime) -> None:
    """Count a try before it is made; raises TooManyTries while they must wait."""
    wait = tries.wait_seconds(kinds, at)
    if wait > 0:
        seconds = max(1, round(wait + 0.5))
        words = Text(
            f"시도가 너무 많습니다. {seconds}초 뒤에 다시 해 주십시오.", f"Too many tries. Try again in {seconds} s."
        )
        raise TooManyTries(words, retry_after=wait)
    tries.begin(kinds, at)


def welcome(tries: Tries, name: str, address: str) -> None:
    """They are who they say: forget their failures, and know them at this desk from now on."""
    who = name.casefold()
    tries.forget(("pair", who, address), ("name", who))
    tries.refund(("address", address))  # not forgotten: one good account must not open it for guessing others
    tries.trust(("pair", who, address))
