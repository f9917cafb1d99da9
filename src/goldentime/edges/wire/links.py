"""The lights of the linkages as JSON, the same in answers and in the live feed."""

from datetime import datetime
from typing import Any

from goldentime.flows.links.link_health import Linked, LinkHealth, Shown
from goldentime.flows.links.link_light import GRAVITY


def link_rows(links: LinkHealth) -> list[dict[str, Any]]:
    """One row an agency: `id name state last_at detail`, the gravest of its `lights`, each with its direction."""
    return [_row(linked) for linked in links.list_linked()]


def _row(linked: Linked) -> dict[str, Any]:
    heard = [shown for shown in linked.lights if shown.state != "never"] or linked.lights
    gravest = max(heard, key=lambda shown: GRAVITY.index(shown.state))
    last_at = max((shown.light.at for shown in linked.lights if shown.light.at), default=None)
    return {
        "id": linked.id,
        "name": linked.name.to_dict(),
        "state": gravest.state,
        "last_at": _stamp(last_at),
        "detail": gravest.text.to_dict(),
        "waiting": linked.waiting,
        "is_agency": linked.is_agency,
        "lights": [_light(shown) for shown in linked.lights if shown.light.linkage],
    }


def _light(shown: Shown) -> dict[str, Any]:
    light = shown.light
    return {
        "linkage": light.linkage,
        "direction": light.direction,
        "state": shown.state,
        "last_at": _stamp(light.at),
        "ok_at": _stamp(light.ok_at),
        "failing_since": _stamp(light.failing_since),
        "waiting": shown.waiting,
        "waiting_since": _stamp(shown.since),
        "detail": shown.text.to_dict(),
        "counts": {name: getattr(light, name) for name in ("passed", "failed", "repeats", "logins")},
    }


def _stamp(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
