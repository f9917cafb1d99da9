"""What a privacy officer finds in the access log: typed names looked up, entries newest first, page by page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from goldentime.city.audit.chain import Entry, Link
from goldentime.city.audit.words import WORDS, actions_named
from goldentime.city.people.pseudonym import is_pseudonym
from goldentime.core.ids import AccountId, AgencyId, CameraId, IncidentId
from goldentime.flows.people.access_place import find_address
from goldentime.flows.ports import Reading

PAGE = 200
UNKNOWN = "unknown"
_OWN_ACTORS = frozenset({"system"})
EVER = datetime(1970, 1, 1, tzinfo=UTC)
SCANNED_AT_MOST = 20_000  # entries looked through for one page; the next page goes on from there


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which entries, newest first; None means any. `before` is the position to go on below.

    People type what they see: `actor` is an id or a name, `incident` an id or a number, `action` a code or its words.
    """

    limit: int = 100
    before: int | None = None
    incident: str | None = None
    actor: str | None = None
    action: str | None = None
    camera: str | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some entries and where to go on; `next` None at the beginning of the record."""

    items: Sequence[Link]
    next: int | None
    names: Mapping[int, str]  # who acted, by position, as the officer knows them
    about: Mapping[int, str]  # whose account it was about, by position
    addresses: Mapping[int, str]  # where they signed in from, by position, while it is kept


def search(reading: Reading, query: AuditQuery) -> AuditPage:
    """The entries that fit, at most `query.limit` and never more than a page."""
    limit = max(1, min(query.limit, PAGE))
    wanted = _wanted(reading, query)
    found: list[Link] = []
    before, scanned = query.before or 0, 0
    while len(found) < limit and scanned < SCANNED_AT_MOST:
        links = reading.list_audit(before=before, limit=1000)
        if not links:
            return _named(reading, found, None)
        for link in links:
            scanned, before = scanned + 1, link.position
            if wanted(link.entry):
                found.append(link)
                if len(found) == limit:
                    break
        if before <= 1:
            return _named(reading, found, None)
    return _named(reading, found, before)


def ids_asked(reading: Reading, query: AuditQuery) -> Mapping[str, str]:
    """What goes on record of a query: ids the city knows, in words nobody typed; what is none of them is `unknown`.

    An officer may type a suspect's name, and what is on record stays for ever.
    """
    known: dict[str, frozenset[str]] = {}
    if query.actor:
        people = _ids_of_person(reading, query.actor) - {query.actor}
        known["actor"] = people | ({query.actor} if _is_actor(reading, query.actor) else set())
    if query.action:
        known["action"] = actions_named(query.action) & WORDS.keys()
    if query.incident:
        found = _ids_of_incident(reading, query.incident)
        known["incident"] = frozenset(one for one in found if reading.find_incident(IncidentId(one)) is not None)
    if query.camera:
        camera = reading.find_camera(CameraId(query.camera))
        known["camera"] = frozenset() if camera is None else frozenset({camera.id})
    return {name: " ".join(sorted(ids)) or UNKNOWN for name, ids in known.items()}


def _is_actor(reading: Reading, typed: str) -> bool:
    known = reading.find_account(AccountId(typed)) or reading.find_agency(AgencyId(typed))
    return known is not None or typed in _OWN_ACTORS


def _named(reading: Reading, found: Sequence[Link], below: int | None) -> AuditPage:
    names = {link.position: name_of_actor(reading, link.entry.actor, link.entry.incident) for link in found}
    about = {
        link.position: name_of_actor(reading, str(account), link.entry.incident)
        for link in found
        if (account := link.entry.data.get("account"))
    }
    placed = ((link.position, find_address(reading, link.entry)) for link in found)
    return AuditPage(found, below, names, about, {position: address for position, address in placed if address})


def _wanted(reading: Reading, query: AuditQuery) -> Callable[[Entry], bool]:
    """Whether an entry fits the query, the typed names looked up once."""
    actors = None if query.actor is None else _ids_of_person(reading, query.actor)
    actions = None if query.action is None else actions_named(query.action)
    incidents = None if query.incident is None else _ids_of_incident(reading, query.incident)

    def fits(entry: Entry) -> bool:
        return (
            (actors is None or entry.actor in actors)
            and (actions is None or entry.action in actions)
            and (incidents is None or entry.incident in incidents)
            and query.camera in (None, entry.camera)
        )

    return fits


def _ids_of_person(reading: Reading, typed: str) -> frozenset[str]:
    accounts = (account.id for account in reading.list_accounts() if typed in (account.name, account.display_name))
    agencies = (agency.id for agency in reading.list_agencies() if typed in (agency.name.ko, agency.name.en))
    bare = typed.partition(" (")[0]  # a viewer let in by a code is shown with the agency behind the name
    views = reading.list_views(since=EVER, limit=SCANNED_AT_MOST)
    viewers = (view.account for view in views if view.person in (typed, bare))
    system = ("system",) if typed.casefold() in ("시스템", "system") else ()
    return frozenset({typed, *accounts, *agencies, *viewers, *system})


def _ids_of_incident(reading: Reading, typed: str) -> frozenset[str]:
    if reading.find_incident(IncidentId(typed)) is not None:
        return frozenset({typed})
    named = reading.list_incidents_numbered(typed)  # or by its end, which is what people say of a number
    return frozenset({typed, *(one.id for one in named)})


def name_of_actor(reading: Reading, actor: str, incident: str | None) -> str:
    """What the officer reads for an actor; a code viewer's name only while the incident's vault still holds it."""
    account = reading.find_account(AccountId(actor))
    if account is None:
        return actor
    if not is_pseudonym(account.id):
        return account.display_name
    name = reading.unseal(f"incident/{incident}", f"person/{actor}") if incident else None
    return actor if name is None else f"{name.decode()} ({account.display_name})"
