"""The people's part of the HTTP surface over a town, and how a browser of ours signs in to it."""

from datetime import timedelta
from typing import Annotated

import httpx
from fastapi import Depends, FastAPI

from fakes.town import PASSWORD, PEPPER, POLICE, Town
from goldentime.city.people.account import Act
from goldentime.core.errors import MediaUnavailable
from goldentime.core.text import Text
from goldentime.edges.http import accounts, errors, keys, record, session, viewer
from goldentime.edges.http.auth import Gate
from goldentime.flows.caller import Caller
from goldentime.flows.people.manage_keys import Keys
from goldentime.flows.record.read_record import Record
from goldentime.flows.watching.open_viewer import Viewers
from goldentime.messages.exchange import Sender

OURS = {"X-Goldentime": "1"}
CITY = session.Surroundings(Text("수원시", "Suwon"), (127.0, 37.26), (126.9, 37.2, 127.1, 37.3), False, 18443, "0.1.0")


class Desk:
    """The people's part of the HTTP surface over a town, and a client to it."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.gate = Gate(store=town.store, clock=town.clock)
        self.app = app = FastAPI()
        errors.install(app)
        page = session.SessionPage(store=town.store, clock=town.clock, surroundings=lambda: CITY)
        viewers = Viewers(
            store=town.store,
            clock=town.clock,
            randomness=town.randomness,
            pepper=PEPPER,
            retention=timedelta(days=90),
        )
        desk_keys = Keys(store=town.store, clock=town.clock, randomness=town.randomness)
        for router in (
            session.router(town.door, self.gate, page),
            accounts.router(town.accounts, self.gate),
            keys.router(desk_keys, self.gate, town.clock),
            record.router(Record(store=town.store, clock=town.clock), self.gate, town.clock),
            viewer.router(viewers, self.gate, page, self.find_sender),
        ):
            app.include_router(router)
        operators = Annotated[Caller, Depends(self.gate.requiring(Act.HANDLE_INCIDENTS))]

        @app.get("/api/for-operators/{incident}")
        async def for_operators(caller: operators, incident: str) -> dict[str, str]:
            return {"person": caller.person, "incident": incident}

        @app.post("/api/for-anyone")
        async def for_anyone(caller: Annotated[Caller, Depends(self.gate.caller)]) -> dict[str, str]:
            return {"person": caller.person}

        @app.get("/api/broken/{how}")
        async def broken(how: str) -> None:
            raise (
                MediaUnavailable(Text("영상 서버가 멈췄습니다.", "Video is down."))
                if how == "media"
                else ZeroDivisionError
            )

    async def find_sender(self, secret: str) -> Sender | None:
        return {"live session": Sender(POLICE), "trial session": Sender(POLICE, sandbox=True)}.get(secret)

    def client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://city.test")


async def sign_in(browser: httpx.AsyncClient, name: str = "kim", password: str = PASSWORD) -> httpx.Response:
    return await browser.post("/api/session", json={"name": name, "password": password}, headers=OURS)
