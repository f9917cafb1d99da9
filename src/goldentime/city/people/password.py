"""Which passwords a person may choose, and what a one-time password looks like."""

from goldentime.core.errors import Invalid
from goldentime.core.ids import Randomness
from goldentime.core.text import Text

SHORTEST = 12
LONGEST = 256  # hashing is costly; nobody types more
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no letter that is read as another
_GROUPS, _GROUP_SIZE = 5, 4


def check_password(password: str, *, name: str) -> None:
    """Raise Invalid unless it is 12 to 256 characters, does not hold the sign-in name and is not one short pattern."""
    if len(password) < SHORTEST:
        raise _invalid(
            f"비밀번호는 {SHORTEST}자 이상이어야 합니다.", f"A password needs at least {SHORTEST} characters."
        )
    if len(password) > LONGEST:
        raise _invalid(
            f"비밀번호는 {LONGEST}자까지 쓸 수 있습니다.", f"A password may have {LONGEST} characters at most."
        )
    if name and name.casefold() in password.casefold():
        raise _invalid("비밀번호에 아이디를 넣을 수 없습니다.", "A password must not hold the sign-in name.")
    if len(set(password)) < 5 or password in (password + password)[1:-1]:
        raise _invalid(
            "같은 글자를 되풀이한 비밀번호는 쓸 수 없습니다.", "A password must not be one pattern repeated."
        )


def one_time_password(randomness: Randomness) -> str:
    """Five groups of four letters, 99 random bits, easy to read out; `randomness` is asked for spare bytes."""
    letters: list[str] = []
    while len(letters) < _GROUPS * _GROUP_SIZE:
        usable = (
            byte for byte in randomness(32) if byte < 256 - 256 % len(_ALPHABET)
        )  # no letter likelier than others
        letters.extend(_ALPHABET[byte % len(_ALPHABET)] for byte in usable)
    groups = ("".join(letters[i * _GROUP_SIZE : (i + 1) * _GROUP_SIZE]) for i in range(_GROUPS))
    return "-".join(groups)


def _invalid(ko: str, en: str) -> Invalid:
    return Invalid(Text(ko, en), field="password")
