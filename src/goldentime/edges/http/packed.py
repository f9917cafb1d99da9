"""Which answers are made small for a poor link: JSON worth it, for whoever takes gzip."""

import gzip
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response

WORTH_BYTES = 1000  # about a packet: less gains nothing
EFFORT = 5  # of 9: what more would save, costs more than it


def packed_json(request: Request, told: Any) -> Response:
    """The answer, packed when that helps; never kept by anyone on its way."""
    whole = JSONResponse(told, headers={"Cache-Control": "no-store", "Vary": "Accept-Encoding"})
    if len(whole.body) < WORTH_BYTES or "gzip" not in request.headers.get("accept-encoding", ""):
        return whole
    packed = gzip.compress(bytes(whole.body), EFFORT, mtime=0)
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Encoding", "Content-Encoding": "gzip"}
    return Response(packed, media_type="application/json", headers=headers)
