"""What a demo and a drill are both played with: a folder of their own, a city's files and units, agencies, logins."""

import secrets
import shutil
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from goldentime.adapters.identity.argon2_hasher import Argon2Hasher
from goldentime.adapters.sql import SqlStore
from goldentime.city.places.place import PlaceKind
from goldentime.core.clock import Clock
from goldentime.core.errors import OperatorsError
from goldentime.core.ids import AgencyId
from goldentime.core.text import Text
from goldentime.flows.people.first_accounts import create_first_accounts
from goldentime.flows.people.manage_keys import issue_key
from goldentime.flows.people.new_account import NewAccount
from goldentime.from_settings import put_agencies
from goldentime.importers.directory import import_city
from goldentime.importers.run import Importer
from goldentime.importers.source import SourceFile
from goldentime.settings import AgencySettings, City, Settings
from goldentime.sim.city import write_sample_city
from goldentime.sim.city.units import Station, units_csv

AGENCIES = (
    AgencySettings(
        id="agency-112",
        name_ko="경기남부경찰청 112",
        name_en="Southern Gyeonggi Police 112",
        senders=("P4100000112", "112"),  # over the fixed head an agency is its system
        services=("112_video", "112_dispatch", "vulnerable", "wanted_vehicle", "anklet", "safe_return"),
        legal_basis_ko="112신고의 운영 및 처리에 관한 법률 · 개인정보 보호법 제18조",
        legal_basis_en="Act on the Operation and Handling of 112 Reports; Personal Information Protection Act, art. 18",
    ),
    AgencySettings(
        id="agency-119",
        name_ko="경기도소방재난본부 119",
        name_en="Gyeonggi Fire Services 119",
        senders=("P4100000119", "119"),
        services=("119_dispatch", "disaster"),
        legal_basis_ko="119구조·구급에 관한 법률 · 개인정보 보호법 제18조",
        legal_basis_en="Act on 119 Rescue and Emergency Medical Services; Personal Information Protection Act, art. 18",
    ),
)
TRAFFIC = AgencySettings(
    id="agency-its", name_ko="도시교통정보센터", name_en="City traffic centre", services=("road_speeds",)
)
POLICE, FIRE = AgencyId("agency-112"), AgencyId("agency-119")
KNOWN_CITIES = {"suwon": ("수원시", "Suwon", "SW"), "jinju": ("진주시", "Jinju", "JJ")}


def city_of(folder: Path | None) -> City:
    """How the city of that folder of files is called; the sample city without one."""
    if folder is None:
        return City(name_ko="가온시", name_en="Gaon", number_prefix="GA")
    ko, en, prefix = KNOWN_CITIES.get(folder.name.lower(), (folder.name, folder.name, "GO"))
    return City(name_ko=ko, name_en=en, number_prefix=prefix)


def empty_own(data: Path, mark: str, refusal: Text, *, spared: Collection[str] = ()) -> None:
    """Empty the folder but for what is `spared`; raises OperatorsError with `refusal` for one that lacks the mark."""
    if data.exists() and any(data.iterdir()) and not (data / mark).exists():
        raise OperatorsError(refusal)
    for old in data.glob("*") if data.exists() else ():
        if old.name not in spared:
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    data.mkdir(parents=True, exist_ok=True)


def import_played(importer: Importer, folder: Path | None, told: Callable[[str, int, int], None]) -> None:
    """Import the folder's city, or the sample city without one."""
    if folder is not None:
        import_city(importer, folder, told)
        return
    with TemporaryDirectory() as made:
        write_sample_city(Path(made))
        import_city(importer, Path(made), told)


def add_missing_units(store: SqlStore, importer: Importer) -> None:
    """Give a city whose folder lists no units those of a sample city, at its own stations."""
    if store.city().load_units():
        return
    by_kind: dict[PlaceKind, list[Station]] = {PlaceKind.POLICE_BOX: [], PlaceKind.CENTRE_119: []}
    for place in store.city().load_places():
        if place.kind in by_kind:
            by_kind[place.kind].append(Station(place.name, place.place.lon, place.place.lat))
    if any(by_kind.values()):
        listed = units_csv(by_kind[PlaceKind.POLICE_BOX], by_kind[PlaceKind.CENTRE_119])
        importer.units(SourceFile("units.csv", listed.encode()))


async def issue_logins(
    settings: Settings, store: SqlStore, clock: Clock, *, wanted: Sequence[NewAccount], keyed: Sequence[AgencySettings]
) -> tuple[dict[str, str], dict[str, str]]:
    """Passwords by account name, for one run only, and an API key by id for each agency `keyed`."""
    chance = secrets.token_bytes
    await store.change(lambda tx: put_agencies(settings, tx))
    hasher = Argon2Hasher(workers=2)
    issued = await create_first_accounts(store, hasher, clock, chance, wanted=wanted, demo=True)
    hasher.close()
    keys = {one.id: (await issue_key(store, clock, chance, AgencyId(one.id), sandbox=False)).secret for one in keyed}
    return {one.account.name: one.password for one in issued}, keys
