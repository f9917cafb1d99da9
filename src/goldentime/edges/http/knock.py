"""What of a request an agency's door looks at, read from the scope once: in a flood nothing is looked at twice."""

from dataclasses import dataclass

from starlette.types import Message, Receive, Scope

SECRET = b"x-scsns-secret"
_OURS = b"x-scsns-"


@dataclass(slots=True)
class Knock:
    """One request at an agency's door; `headers` are the protocol's own, in lower case, without the session key."""

    remote: str
    content_type: str
    key: str | None
    headers: dict[str, str]
    _receive: Receive
    whole: bool = False  # the body has been read to its end

    async def receive(self) -> Message:
        """The next piece of the body."""
        message = await self._receive()
        self.whole = message["type"] == "http.request" and not message.get("more_body", False)
        return message


def knock_of(scope: Scope, receive: Receive) -> Knock:
    """The request behind an ASGI scope; of a header that came twice the first counts, of the protocol's the last."""
    client = scope.get("client")
    knock = Knock(client[0] if client else "unknown", "", None, {}, receive)
    for name, value in scope["headers"]:  # ASGI has the names in lower case
        if name == b"content-type":
            knock.content_type = knock.content_type or value.decode("latin-1")
        elif name == SECRET:
            knock.key = knock.key or value.decode("latin-1")
        elif name.startswith(_OURS):
            knock.headers[name.decode("latin-1")] = value.decode("latin-1")
    return knock
