"""A small town with its people, agencies and one incident, for tests of what people may do."""

from dataclasses import dataclass, field
from datetime import timedelta

from fakes.chance import counted_randomness
from fakes.clock import StandingClock
from fakes.hasher import PlainHasher
from fakes.store import FakeStore, Transaction
from goldentime.city.agencies.agency import Agency
from goldentime.city.grants.grant import Grant, View
from goldentime.city.incidents.incident import Incident, Service, Severity, State
from goldentime.city.people.account import Account, Role, Session
from goldentime.core.ids import AccountId, AgencyId, GrantId, IncidentId, Randomness, ViewId
from goldentime.core.text import Text
from goldentime.flows.caller import Caller
from goldentime.flows.people.manage_accounts import Accounts
from goldentime.flows.people.sign_in import SignedIn, SignIn

PEPPER = b"pepper for tests, 32 bytes long."
PASSWORD = "a long password of mine"
POLICE, FIRE = AgencyId("police"), AgencyId("fire")
ROBBERY = IncidentId("inc-robbery")


@dataclass
class Town:
    """Everything a flow about people is handed."""

    store: FakeStore = field(default_factory=FakeStore)
    clock: StandingClock = field(default_factory=StandingClock)
    hasher: PlainHasher = field(default_factory=PlainHasher)
    randomness: Randomness = field(default_factory=counted_randomness)
    ended: list[bytes] = field(default_factory=list)  # the sessions whose views were to be ended

    async def end_views(self, digests: "list[bytes]") -> None:
        """Note which sessions' views must end."""
        self.ended.extend(digests)

    def __post_init__(self) -> None:
        """Settle the town."""
        self.door = SignIn(
            store=self.store,
            hasher=self.hasher,
            clock=self.clock,
            randomness=self.randomness,
            pepper=PEPPER,
            end_views=self.end_views,
        )
        self.accounts = Accounts(
            store=self.store,
            hasher=self.hasher,
            clock=self.clock,
            randomness=self.randomness,
            end_views=self.end_views,
        )
        self.store.seed(self._settle)

    def _settle(self, change: Transaction) -> None:
        change.put_agency(Agency(POLICE, Text("경기남부경찰청 112", "Gyeonggi Nambu police 112"), frozenset({"112"})))
        change.put_agency(Agency(FIRE, Text("경기소방 119", "Gyeonggi fire 119"), frozenset({"119"})))
        for name, role, agency in (
            ("kim", Role.OPERATOR, None),
            ("lee", Role.OPERATOR, None),
            ("jung", Role.AGENCY, POLICE),
            ("park", Role.PRIVACY_OFFICER, None),
            ("choi", Role.ADMIN, None),
        ):
            account = Account(AccountId(f"acc-{name}"), name, name.title(), role, agency, f"hash of {PASSWORD}")
            change.put_account(account)

    async def sign_in(self, name: str, password: str = PASSWORD, address: str = "10.0.0.1") -> SignedIn:
        """As the person would."""
        return await self.door.sign_in(name, password, address)

    async def caller(self, name: str) -> Caller:
        """The person, signed in."""
        done = await self.sign_in(name)
        agency = None if done.account.agency is None else self.store.rows.agencies[done.account.agency]
        return Caller(done.account, done.session, agency)

    def open_robbery(self, *, minutes: float = 30, grant: bool = True) -> Incident:
        """An incident reported by the police, with a grant for `minutes`."""
        now = self.clock.now()
        incident = Incident(
            id=ROBBERY,
            number="GO-1123-0001",
            service=Service.VIDEO_112,
            kind="112UC001",
            title="강도",
            severity=Severity.CRITICAL,
            state=State.OPEN,
            opened_at=now,
            occurred_at=now,
            updated_at=now,
            agency=POLICE,
        )

        def decide(change: Transaction) -> None:
            change.put_incident(incident)
            change.put_source(POLICE, "20261123000001", incident.id)
            if grant:
                words = Text("강도 신고 대응", "Answering a robbery report")
                basis = Text("개인정보 보호법 제18조", "PIPA art. 18")
                until = now + timedelta(minutes=minutes)
                change.put_grant(Grant(GrantId("gra-1"), POLICE, None, words, basis, ROBBERY, frozenset(), now, until))

        self.store.seed(decide)
        return incident

    def sessions_of(self, name: str) -> list[Session]:
        """The sessions of the person with this sign-in name."""
        return [s for s in self.store.rows.sessions.values() if s.account == f"acc-{name}"]


def look(town: Town, name: str, *, incident: str | None = ROBBERY, agency: str | None = POLICE) -> View:
    """Somebody of theirs began to look at a camera, with a view that lasts half an hour."""
    now = town.clock.now()
    view = View(
        id=ViewId(f"vue-{name}"),
        grant="gra-1",
        camera="cam-1",
        account="acc-kim",
        person="정윤호",
        agency=agency,
        incident=incident,
        session=b"",
        opened_at=now,
        expires_at=now + timedelta(minutes=30),
    )
    town.store.seed(lambda change: change.put_view(view))
    return view
