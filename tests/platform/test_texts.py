"""Everything a person reads is there in Korean and in English: the sources are read for what is not."""

import ast
import builtins
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "goldentime"
HANGUL = re.compile("[가-힣]")
LETTER = re.compile("[A-Za-z]")
FILES = sorted(file for file in SOURCE.rglob("*.py") if not file.name.startswith("test_"))
TOLD_RAW = {"HTTPException", "PlainTextResponse", "HTMLResponse"}
OURS = re.compile(r"(Error|Refused|NotFound|Conflict|Invalid|BadMessage|BadFile|TooManyTries|Unauthenticated)$")


def literal(node: ast.expr | None) -> str | None:
    """The words of a literal, braces for what is filled in; None for what is only known when it runs."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def calls(file: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield node


def texts(file: Path) -> Iterator[tuple[int, str | None, str | None]]:
    """Line, Korean and English of each Text made in the file."""
    for call in calls(file):
        if name_of(call) == "Text":
            named = {word.arg: word.value for word in call.keywords}
            ko, en = [*call.args, None, None][:2]
            yield call.lineno, literal(ko or named.get("ko")), literal(en or named.get("en"))


def faults_of(file: Path, root: Path = SOURCE) -> list[str]:
    faults = []
    for line, ko, en in texts(file):
        where = f"{file.relative_to(root)}:{line}"
        if ko is not None and LETTER.search(ko) and not HANGUL.search(ko) and "{}" not in ko:
            faults.append(f"{where}: no Korean in {ko!r}")
        if en is not None and HANGUL.search(en):
            faults.append(f"{where}: Korean in the English {en!r}")
        if ko is not None and en is not None and ko == en and LETTER.search(ko) and "{}" not in ko:
            faults.append(f"{where}: the same twice, {ko!r}")
        if "" in {ko, en}:
            faults.append(f"{where}: an empty side")
    return faults


def test_every_text_has_korean_in_the_korean_and_none_in_the_english() -> None:
    assert [fault for file in FILES for fault in faults_of(file)] == []


def test_there_are_as_many_texts_as_one_would_expect() -> None:
    assert sum(1 for file in FILES for _ in texts(file)) > 300


@pytest.mark.parametrize("room", ["edges/http", "edges/live", "flows", "city", "adapters", "importers", "linkages"])
def test_no_words_for_people_go_out_past_text(room: str) -> None:
    raw = [
        f"{file.relative_to(SOURCE)}:{call.lineno} {name_of(call)}"
        for file in FILES
        if file.is_relative_to(SOURCE / room)
        for call in calls(file)
        if name_of(call) in TOLD_RAW or OURS.search(name_of(call))
        for given in [*call.args, *(word.value for word in call.keywords if word.arg in {"detail", "text"})]
        if is_a_sentence(literal(given)) and not is_built_in(name_of(call))
    ]
    assert raw == []


def is_a_sentence(words: str | None) -> bool:
    return words is not None and bool(HANGUL.search(words) or re.search(r"[a-z]+ [a-z]+ ", words))


def is_built_in(name: str) -> bool:
    """Python's own errors are for developers; an outermost loop logs them."""
    return hasattr(builtins, name)


def test_this_test_sees_what_it_looks_for(tmp_path: Path) -> None:
    file = tmp_path / "one.py"
    wrong = (
        'Text("only English", "only English")',
        'Text("한국말", "한국말")',
        'Text(ko="", en="x")',
        'Text("가", f"나 {n}")',
    )
    file.write_text("\n".join([*wrong, 'Text(f"{n}대", f"{n} cameras")', 'Text("가나", en="x y")']), encoding="utf-8")
    assert {int(fault.split(":")[1]) for fault in faults_of(file, tmp_path)} == {1, 2, 3, 4}
