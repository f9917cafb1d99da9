"""Which sites of a newer inventory are new, moved, changed or gone, against those already known."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from goldentime.city.cameras.inventory import Site
from goldentime.core.ids import SiteId
from goldentime.core.place import distance_metres
from goldentime.importers.cameras.rows import SiteRow

_SAFE_KEY = re.compile(r"[0-9A-Za-z가-힣._-]{1,64}")


@dataclass(frozen=True, slots=True)
class Difference:
    """What to write; `moved` sites have other coordinates and are among `changed`'s neighbours, not in it."""

    added: tuple[Site, ...]
    moved: tuple[Site, ...]
    changed: tuple[Site, ...]
    removed: tuple[SiteId, ...]
    unchanged: int


def compare(known: Mapping[SiteId, Site], sites: Iterable[Site]) -> Difference:
    """The difference by id; known sites that are not among `sites` are removed."""
    added, moved, changed, seen, unchanged = [], [], [], set(), 0
    for site in sites:
        seen.add(site.id)
        old = known.get(site.id)
        if old is None:
            added.append(site)
        elif old == site:
            unchanged += 1
        elif old.place != site.place:
            moved.append(site)
        else:
            changed.append(site)
    removed = tuple(sorted(known.keys() - seen))
    return Difference(tuple(added), tuple(moved), tuple(changed), removed, unchanged)


def with_ids(rows: Sequence[SiteRow], known: Mapping[SiteId, Site]) -> list[Site]:
    """The rows' sites with their ids: the file's key, else one kept for the same address and purpose."""
    by_group: dict[str, list[SiteRow]] = defaultdict(list)
    sites: dict[int, Site] = {}
    for row in rows:
        if row.key:
            sites[row.row.number] = replace(row.site, id=keyed_id(row.key))
        else:
            by_group[row.group].append(row)
    kept: dict[str, list[Site]] = defaultdict(list)
    for site in known.values():
        stem, _, _ = str(site.id).rpartition(".")
        kept[stem].append(site)
    for group, members in by_group.items():
        stem = f"s{hashlib.sha256(group.encode()).hexdigest()[:12]}"
        for row, site_id in zip(members, _matched(members, kept.get(stem, []), stem), strict=True):
            sites[row.row.number] = replace(row.site, id=site_id)
    return [sites[row.row.number] for row in rows]


def keyed_id(key: str) -> SiteId:
    """The id of the site with this 관리번호; a digest when the key would not do in an address."""
    return SiteId(key if _SAFE_KEY.fullmatch(key) else f"k{hashlib.sha256(key.encode()).hexdigest()[:16]}")


def _matched(members: Sequence[SiteRow], known: Sequence[Site], stem: str) -> list[SiteId]:
    """An id for each row of one address and purpose: the same site, the same spot, the nearest, else a new one."""
    left = sorted(known, key=lambda site: site.id)
    ids: list[SiteId | None] = [None] * len(members)
    for same in (_same_but_id, _same_spot, _any):
        for index, row in enumerate(members):
            candidates = [site for site in left if ids[index] is None and same(row.site, site)]
            if candidates:
                best = min(candidates, key=lambda site: (distance_metres(site.place, row.site.place), site.id))
                left.remove(best)
                ids[index] = best.id
    used = {int(str(site.id).rpartition(".")[2]) for site in known}
    free = (n for n in range(1, len(members) + len(used) + 1) if n not in used)
    return [site_id or SiteId(f"{stem}.{next(free)}") for site_id in ids]


def _same_but_id(row: Site, known: Site) -> bool:
    return replace(row, id=known.id) == known


def _same_spot(row: Site, known: Site) -> bool:
    return row.place == known.place


def _any(row: Site, known: Site) -> bool:  # noqa: ARG001  (the last resort asks nothing)
    return True
