"""How an agency's system keeps its session and gets a message through: new login at 4001, again after our trouble."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from goldentime.core.clock import Clock, monotonic
from goldentime.sim.agencies.occurrence import Message
from goldentime.sim.agencies.scenario import Agency
from goldentime.sim.agencies.wire import Heard, Sent, WrongAnswer, read_answer, write_login, write_report

LOGIN_PATH = "/api/getAuth.json"
EVENT_PATH = "/linkHttp/recvEvent.json"
_AGAIN = {"4209", "5000", "5003"}
_UNAUTHORISED = "4001"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How one message fared; `heard` is None when no lawful answer came. Milliseconds of the last attempt."""

    heard: Heard | None
    problem: str
    milliseconds: float
    attempts: int
    logins: int


class AgencyClient:
    """One agency's connection; the API key and the session key stay inside and are never printed."""

    def __init__(self, agency: Agency, api_key: str, http: httpx.AsyncClient, clock: Clock) -> None:
        """Not logged in yet."""
        self._agency = agency
        self._api_key = api_key
        self._http = http
        self._clock = clock
        self._session: str | None = None
        self._logging_in = asyncio.Lock()

    async def deliver(self, message: Message, *, attempts: int = 5, pause: float = 1.0) -> Delivery:
        """Send until there is a final answer; `pause` seconds, doubled each time, before trying again."""
        logins, problem, spent = 0, "", 0.0
        written: tuple[str, Sent] | None = None
        for attempt in range(1, attempts + 1):
            try:
                session, fresh = await self._open_session()
                logins += fresh
                if written is None or written[0] != session:  # again means byte for byte
                    written = session, write_report(self._agency, message, session, self._clock.now())
                started = monotonic()
                heard = await self._post(EVENT_PATH, written[1], session)
                spent = (monotonic() - started) * 1000
            except (httpx.TransportError, WrongAnswer) as wrong:
                problem = f"{type(wrong).__name__}: {wrong}"
                await asyncio.sleep(pause * 2 ** (attempt - 1))
                continue
            if heard.type_code == _UNAUTHORISED and not fresh:  # a session just opened that is refused stays refused
                if self._session == session:  # it ran out; unless another message has noticed and opened a new one
                    self._session = None
                continue
            if heard.type_code in _AGAIN and attempt < attempts:
                await asyncio.sleep(pause * 2 ** (attempt - 1))
                continue
            return Delivery(heard, "", spent, attempt, logins)
        return Delivery(None, problem or "no session", spent, attempts, logins)

    async def _open_session(self) -> tuple[str, bool]:
        async with self._logging_in:
            if self._session is not None:
                return self._session, False
            heard = await self._post(LOGIN_PATH, write_login(self._agency, self._api_key, self._clock.now()), None)
            if not heard.ok or not heard.message:
                raise WrongAnswer(f"login refused with {heard.type_code}")
            self._session = heard.message
            return self._session, True

    async def _post(self, path: str, sent: Sent, session: str | None) -> Heard:
        headers = {"content-type": sent.content_type, "x-scsns-sendcd": self._agency.send_code}
        if session is not None:
            headers["x-scsns-secret"] = session
        answer = await self._http.post(path, content=sent.body, headers=headers)
        return read_answer(answer.status_code, answer.headers.get("content-type", ""), answer.content)


Opener = Callable[[str], httpx.AsyncClient]


def open_http(url: str) -> httpx.AsyncClient:
    """A plain client of the platform's address; proxies of the environment are not for agencies."""
    return httpx.AsyncClient(base_url=url, timeout=10.0, trust_env=False)
