"""How people come to the platform: sign-in, accounts, keys, the record and viewers, over one store and one hasher."""

import secrets
from collections.abc import Awaitable, Callable, Sequence

from fastapi import APIRouter

from goldentime.adapters.identity.argon2_hasher import Argon2Hasher
from goldentime.adapters.sql import SqlStore
from goldentime.city.grants.grant import Ending
from goldentime.edges.http import accounts, keys, record, session, viewer
from goldentime.edges.http.auth import Gate
from goldentime.edges.http.session import Surroundings
from goldentime.flows.people.manage_accounts import Accounts
from goldentime.flows.people.manage_keys import Keys
from goldentime.flows.people.sign_in import SignIn
from goldentime.flows.ports import Change
from goldentime.flows.record.read_record import Record
from goldentime.flows.watching.end_views import cut, end_views
from goldentime.flows.watching.open_viewer import Viewers
from goldentime.flows.world import ViewsEnded, World
from goldentime.messages.exchange import Sender
from goldentime.settings import Web


class People:
    """Whoever signs in; to be closed."""

    def __init__(self, web: Web, store: SqlStore, world: World, gate: Gate) -> None:
        """Nobody is signed in by this."""
        self._web, self._store, self._world, self._gate = web, store, world, gate
        self._hasher = Argon2Hasher(workers=2)

    def close(self) -> None:
        """End the hasher's threads."""
        self._hasher.close()

    def routers(
        self, find_sender: Callable[[str], Awaitable[Sender | None]], surroundings: Callable[[], Surroundings]
    ) -> list[APIRouter]:
        """Their pages; `surroundings` is what a page is told of its city."""
        store, hasher, end_views_of = self._store, self._hasher, self._end_views_of
        clock, chance = self._world.clock, secrets.token_bytes
        pepper = store.secret("pepper")  # for salted digests of names and addresses
        sign_in = SignIn(
            store=store,
            hasher=hasher,
            clock=clock,
            randomness=chance,
            pepper=pepper,
            end_views=end_views_of,
        )
        people = Accounts(store=store, hasher=hasher, clock=clock, randomness=chance, end_views=end_views_of)
        retention = self._world.rules.personal_data_kept
        viewers = Viewers(store=store, clock=clock, randomness=chance, pepper=pepper, retention=retention)
        page = session.SessionPage(store=store, clock=clock, surroundings=surroundings)
        web = self._web
        secure = web.tls_certificate is not None or web.public_url.startswith("https://")
        return [
            session.router(sign_in, self._gate, page, secure_cookies=secure),
            accounts.router(people, self._gate),
            keys.router(Keys(store=store, clock=clock, randomness=chance), self._gate, clock),
            record.router(Record(store=store, clock=clock), self._gate, clock),
            viewer.router(viewers, self._gate, page, find_sender, public_url=web.public_url or None),
        ]

    async def _end_views_of(self, sessions: Sequence[bytes]) -> None:
        """End every open view of these sessions, on record and on the screen."""

        def decide(tx: Change) -> ViewsEnded:
            now = self._world.clock.now()
            return [
                gone
                for digest in sessions
                for gone in end_views(tx, tx.list_open_views(session=digest), Ending.SIGNED_OUT, now, actor="system")
            ]

        self._gate.forget(sessions)
        await cut(self._world, await self._store.change(decide), Ending.SIGNED_OUT)
