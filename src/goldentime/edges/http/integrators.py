"""How an integrator learns, field by field, what was understood of a message; nothing opens."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request

from goldentime.city.people.account import Act, must
from goldentime.core.clock import Clock
from goldentime.core.errors import BadMessage, Refused
from goldentime.core.text import Text
from goldentime.edges.http.auth import Gate
from goldentime.linkage_kit import Linkage
from goldentime.messages.exchange import Outcome, OutcomeKind, RawMessage, Sender

KEPT_HEADERS = ("x-scsns-svcty", "x-scsns-sendcd", "x-scsns-rcvcd", "x-scsns-syscd", "x-scsns-encat", "x-scsns-type")


def router(
    linkages: Mapping[str, Linkage], gate: Gate, find_sender: Callable[[str], Awaitable[Sender | None]], clock: Clock
) -> APIRouter:
    """`POST /api/test-message?linkage=`: an administrator's session, or a sandbox key in X-Goldentime-Key."""
    api = APIRouter(prefix="/api", tags=["integrators"])

    @api.post("/test-message")
    async def explained(request: Request, linkage: str = "safety_net_http") -> dict[str, Any]:
        await _allowed(request)
        reader = linkages.get(linkage)
        if reader is None:
            known = ", ".join(sorted(linkages))
            raise BadMessage(Text(f"없는 연계입니다. 있는 것: {known}", f"No such linkage. There are: {known}"))
        body = await request.body()
        raw = RawMessage(
            linkage=linkage,
            sender=None,
            content_type=request.headers.get("content-type", ""),
            headers={name: request.headers[name] for name in KEPT_HEADERS if name in request.headers},
            body=body,
            received_at=clock.now(),
        )
        return _json(reader, raw)

    async def _allowed(request: Request) -> None:
        key = request.headers.get("x-goldentime-key")
        if key:
            sender = await find_sender(key)
            if sender is not None and sender.sandbox:
                return
            text = Text("시험용 인증키가 아니거나 만료되었습니다.", "Not a sandbox key, or it has expired.")
            raise Refused(text, code="refused")
        caller = await gate.caller(request)
        must(caller.account.role, Act.ADMINISTER)

    return api


def _json(reader: Linkage, raw: RawMessage) -> dict[str, Any]:
    explanation = reader.explain(raw)
    report = explanation.report
    try:
        reader.parse(raw)
        answer = reader.deliver(Outcome(OutcomeKind.OPENED, sandbox=True))
    except BadMessage as error:
        answer = reader.deliver_error(error)
    return {
        "understood": explanation.understood,
        "type_code": explanation.type_code,
        "fields": [
            {
                "name": field.name,
                "value": field.value,
                "meaning": field.meaning.to_dict(),
                "problem": field.problem.to_dict() if field.problem else None,
            }
            for field in explanation.fields
        ],
        "report": {
            "sender": report.sender,
            "occurrence": report.occurrence,
            "kind": report.kind,
            "service": report.service,
            "state": report.state.value,
            "urgent": report.urgent,
            "occurred_at": report.occurred_at.isoformat(),
            "place": {"lon": report.place.lon, "lat": report.place.lat} if report.place else None,
            "place_words": report.place_words,
        }
        if report
        else None,
        "would": explanation.would.to_dict(),
        "answer": {"body": answer.body.decode("utf-8", "replace"), "type": answer.type_code, "ok": answer.ok},
    }
