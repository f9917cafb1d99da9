"""Which agency speaks: its key opens a session, the session names the sender, and both end when the key does."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from goldentime.city.agencies.agency import is_valid
from goldentime.city.audit.chain import Entry
from goldentime.core.ids import AgencyId
from goldentime.flows.people.manage_keys import find_valid_key, key_digest
from goldentime.flows.ports import Store
from goldentime.flows.tokens import new_token
from goldentime.flows.world import World
from goldentime.messages.exchange import Sender

SESSION_LASTS = timedelta(hours=12)
CHECKED_EVERY = timedelta(seconds=1)  # how long a revoked key may go on being heard
REFUSALS_NOTED_EVERY = timedelta(seconds=10)
MOST_SESSIONS = 10_000


@dataclass(slots=True)
class _Session:
    sender: Sender
    key_digest: bytes
    expires_at: datetime
    checked_at: datetime


class AgencyDoor:
    """Sessions live in memory: after a restart an agency is told 4001 and signs in again, as the protocol has it."""

    def __init__(self, world: World) -> None:
        """Nobody is in yet."""
        self._world = world
        self._refused = 0
        self._noted_at: datetime | None = None
        self._neighbours: dict[tuple[AgencyId, frozenset[str]], tuple[Sender | None, datetime]] = {}
        self._sessions: OrderedDict[bytes, _Session] = OrderedDict()

    async def login(self, api_key: str) -> str | None:
        """A session key for a valid API key; None (on record) for any other."""
        now = self._world.clock.now()
        sender = await self._sender_of_key(api_key)
        if sender is None:
            await self._note_refusal(now)
            return None
        session_key = new_token(self._world.randomness)
        self._sessions[_digest(session_key)] = _Session(sender, key_digest(api_key), now + SESSION_LASTS, now)
        while len(self._sessions) > MOST_SESSIONS:
            self._sessions.popitem(last=False)
        return session_key

    async def sender(self, session_key: str) -> Sender | None:
        """Who the session key belongs to, None when it is unknown, old, or its API key has ended."""
        session = self._sessions.get(_digest(session_key))
        now = self._world.clock.now()
        if session is None or now >= session.expires_at:
            return None
        if now - session.checked_at >= CHECKED_EVERY:
            if not await _still_valid(self._world.store, session.key_digest, now):
                self._sessions.pop(_digest(session_key), None)
                return None
            session.checked_at = now
        return session.sender

    async def neighbour(self, agency: AgencyId, codes: frozenset[str]) -> Sender | None:
        """An agency that the settings let in by its address, with those of the codes that are its own; else None."""
        now = self._world.clock.now()
        sender, checked_at = self._neighbours.get((agency, codes), (None, None))
        if checked_at is None or now - checked_at >= CHECKED_EVERY:
            sender = await self._find_neighbour(agency, codes)
            self._neighbours[agency, codes] = sender, now
        return sender

    async def find_sender(self, secret: str) -> Sender | None:
        """Who a session key or an API key belongs to."""
        return await self.sender(secret) or await self._sender_of_key(secret)

    async def _find_neighbour(self, agency: AgencyId, codes: frozenset[str]) -> Sender | None:
        known = await self._world.store.read(lambda look: look.find_agency(agency))
        if known is None or not known.named:
            return None
        own = codes & known.senders if known.senders else codes
        return Sender(agency, own) if own else None  # a sender without codes might speak for anyone

    async def _note_refusal(self, now: datetime) -> None:
        """On record at most every ten seconds, with how many there were, so that guessing cannot fill the chain."""
        self._refused += 1
        if self._noted_at is not None and now - self._noted_at < REFUSALS_NOTED_EVERY:
            return
        entry = Entry(now, "AgencyLoginRefused", "system", data={"times": self._refused})
        self._noted_at, self._refused = now, 0
        await self._world.store.change(lambda tx: tx.audit(entry))

    async def _sender_of_key(self, api_key: str) -> Sender | None:
        key = await find_valid_key(self._world.store, self._world.clock, api_key)
        if key is None:
            return None
        agency = await self._world.store.read(lambda look: look.find_agency(key.agency))
        return Sender(agency.id, agency.senders, key.sandbox) if agency else None


async def _still_valid(store: Store, digest: bytes, now: datetime) -> bool:
    key = await store.read(lambda look: look.find_key(digest))
    return key is not None and is_valid(key, now)


def _digest(session_key: str) -> bytes:
    return hashlib.sha256(session_key.encode()).digest()
