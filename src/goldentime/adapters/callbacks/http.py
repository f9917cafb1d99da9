"""How our answer reaches the address its sender named: one try at a time, to the very address that was checked."""

from collections.abc import Mapping

import httpx
import structlog

from goldentime.adapters.callbacks.addresses import CallbackAddresses, ForbiddenAddress
from goldentime.adapters.callbacks.pinned import exchange, open_client, pinned
from goldentime.flows.outgoing.carrier import Silence
from goldentime.messages.news import Reply, Verdict
from goldentime.messages.outgoing import OutgoingMessage

_AGAIN = frozenset({408, 425, 429})  # of the refusals those that another time may not meet

log = structlog.get_logger()


class HttpCallbacks:
    """Fits flows.outgoing.carrier.Carrier; the linkage has held the origin against those the agency is allowed."""

    def __init__(
        self, addresses: CallbackAddresses | None = None, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        """`transport` None connects for real."""
        self._addresses = addresses or CallbackAddresses()
        self._transport = transport

    async def send(self, message: OutgoingMessage, parts: Mapping[str, bytes]) -> Reply | Silence:
        """Post it once; another answer than 2xx or a lasting refusal means: again."""
        headers = {"Content-Type": parts["content_type"].decode()}
        async with open_client(self._transport) as http:
            try:
                request = await pinned(http, self._addresses, parts["url"].decode(), parts["body"], headers)
                answer, _ = await exchange(http, request)
            except ForbiddenAddress as error:
                log.warning("callback_address_refused", tried=message.tries + 1, problem=str(error))
                return Silence(reached=False, why="forbidden" if str(error) == "forbidden" else "unreachable")
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                log.warning("callback_failed", tried=message.tries + 1, problem=type(error).__name__)
                return Silence(reached=False, why="unreachable")
            except httpx.HTTPError as error:
                log.warning("callback_failed", tried=message.tries + 1, problem=type(error).__name__)
                return Silence(reached=True, why="no_answer")
        if answer.is_success:
            return Reply(Verdict.TAKEN, str(answer.status_code))
        log.warning("callback_refused", tried=message.tries + 1, status=answer.status_code)
        lasting = answer.is_client_error and answer.status_code not in _AGAIN
        return Reply(Verdict.REFUSED if lasting else Verdict.LATER, str(answer.status_code))
