"""How every fault reaches a browser: one JSON shape, a stable code, and words in both languages."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from goldentime.core.clock import monotonic
from goldentime.core.errors import (
    BadMessage,
    Conflict,
    GoldentimeError,
    MediaUnavailable,
    NotFound,
    OperatorsError,
    OurError,
    Refused,
    SendersError,
    StorageFailed,
    TooManyTries,
    Unauthenticated,
)
from goldentime.core.text import Text
from goldentime.edges.intake.seldom import Seldom

_STATUS: Mapping[type[GoldentimeError], int] = {
    Unauthenticated: 401,
    Refused: 403,
    NotFound: 404,
    Conflict: 409,
    TooManyTries: 429,
    OperatorsError: 422,
    BadMessage: 422,
    SendersError: 400,
    MediaUnavailable: 503,
    StorageFailed: 503,
    OurError: 500,
    GoldentimeError: 500,
}
_HTTP_WORDS: Mapping[int, tuple[str, Text]] = {
    404: ("not_found", Text("그런 주소가 없습니다.", "There is nothing at this address.")),
    405: (
        "method_not_allowed",
        Text("이 주소에서 할 수 없는 요청입니다.", "This address does not take such a request."),
    ),
    413: ("too_large", Text("보낸 내용이 너무 큽니다.", "The request is too large.")),
}
_PLAIN = Text("요청을 처리할 수 없습니다.", "The request cannot be handled.")
_OURS = Text("서버에 문제가 생겼습니다. 기록해 두었습니다.", "Something went wrong on the server; it has been noted.")
_INPUT_WORDS: Mapping[str, Text] = {
    "missing": Text("꼭 필요한 항목입니다.", "This is required."),
    "extra_forbidden": Text("모르는 항목입니다.", "This field is not known."),
    "json_invalid": Text("JSON으로 읽을 수 없습니다.", "This cannot be read as JSON."),
    "string_too_short": Text("너무 짧습니다.", "This is too short."),
    "string_too_long": Text("너무 깁니다.", "This is too long."),
    "string_type": Text("글자여야 합니다.", "This must be text."),
    "int_parsing": Text("정수여야 합니다.", "This must be a whole number."),
    "int_type": Text("정수여야 합니다.", "This must be a whole number."),
    "float_parsing": Text("수여야 합니다.", "This must be a number."),
    "float_type": Text("수여야 합니다.", "This must be a number."),
    "finite_number": Text("유한한 수여야 합니다.", "This must be a finite number."),
    "bool_parsing": Text("참 또는 거짓이어야 합니다.", "This must be true or false."),
    "bool_type": Text("참 또는 거짓이어야 합니다.", "This must be true or false."),
    "enum": Text("정해진 값 가운데 하나여야 합니다.", "This must be one of the known values."),
    "literal_error": Text("정해진 값 가운데 하나여야 합니다.", "This must be one of the known values."),
    "list_type": Text("목록이어야 합니다.", "This must be a list."),
    "too_long": Text("항목이 너무 많습니다.", "There are too many items."),
    "too_short": Text("항목이 모자랍니다.", "There are too few items."),
    "datetime_parsing": Text("날짜와 시각이어야 합니다.", "This must be a date and time."),
    "datetime_from_date_parsing": Text("날짜와 시각이어야 합니다.", "This must be a date and time."),
    "timezone_aware": Text("시간대가 있어야 합니다.", "This needs a time zone."),
    "model_attributes_type": Text("JSON 객체여야 합니다.", "This must be a JSON object."),
    "dict_type": Text("JSON 객체여야 합니다.", "This must be a JSON object."),
}
_BOUNDS: Mapping[str, tuple[str, str, str]] = {
    "greater_than_equal": ("ge", "{} 이상이어야 합니다.", "This must be {} or more."),
    "greater_than": ("gt", "{}보다 커야 합니다.", "This must be more than {}."),
    "less_than_equal": ("le", "{} 이하여야 합니다.", "This must be {} or less."),
    "less_than": ("lt", "{}보다 작아야 합니다.", "This must be less than {}."),
}
_ANY_INPUT = Text("형식이 맞지 않습니다.", "This is not in the right form.")
_log = structlog.get_logger(__name__)
_SELDOM = Seldom()


def install(app: FastAPI) -> None:
    """Answer every fault of this application in the one shape."""

    async def ours(_request: Request, error: Exception) -> Response:
        assert isinstance(error, GoldentimeError)  # noqa: S101  (registered for nothing else)
        return error_response(error)

    async def unreadable(_request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101  (the same)
        field, text = _first_problem(error.errors())
        return _shaped(422, "invalid", text, field)

    async def plain(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101  (the same)
        code, text = _HTTP_WORDS.get(error.status_code, ("http_error", _PLAIN))
        return _shaped(error.status_code, code, text, None, headers=error.headers)

    async def unexpected(request: Request, error: Exception) -> Response:
        _log.error("request failed", method=request.method, path=request.url.path, kind=type(error).__name__)
        return _shaped(500, "internal", _OURS, None)

    app.add_exception_handler(GoldentimeError, ours)
    app.add_exception_handler(RequestValidationError, unreadable)
    app.add_exception_handler(HTTPException, plain)
    app.add_exception_handler(Exception, unexpected)


def error_response(error: GoldentimeError) -> JSONResponse:
    """The answer for one fault of the tree."""
    status = next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)
    headers = {"Retry-After": str(max(1, round(error.retry_after + 0.5)))} if isinstance(error, TooManyTries) else None
    if status >= 500 and (times := _SELDOM.times(error.code, monotonic())):  # a full disk fails every request
        _log.error("request failed", code=error.code, why=error.text.en, times=times)
    return _shaped(status, error.code, error.text, getattr(error, "field", None), headers=headers)


def not_allowed(methods: Iterable[str]) -> Response:
    """The answer where only these methods are taken."""
    code, text = _HTTP_WORDS[405]
    return _shaped(405, code, text, None, headers={"Allow": ", ".join(sorted(methods))})


def _shaped(
    status: int, code: str, text: Text, field: str | None, *, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    body = {"error": {"code": code, "text": text.to_dict(), "field": field}}
    return JSONResponse(body, status_code=status, headers={"Cache-Control": "no-store", **(headers or {})})


def _first_problem(problems: Sequence[Any]) -> tuple[str | None, Text]:
    """The field at fault and what is wrong with it; what was typed is never repeated."""
    if not problems:
        return None, _ANY_INPUT
    first = problems[0]
    named = [str(part) for part in first["loc"][1:]] if first["type"] != "json_invalid" else []
    field = ".".join(named) or None
    words = _words(first["type"], first.get("ctx", {}))
    return field, words if field is None else Text(f"{field}: {words.ko}", f"{field}: {words.en}")


def _words(kind: str, limits: Mapping[str, Any]) -> Text:
    if kind in _BOUNDS:
        name, ko, en = _BOUNDS[kind]
        return Text(ko.format(limits.get(name, "")), en.format(limits.get(name, "")))
    return _INPUT_WORDS.get(kind, _ANY_INPUT)
