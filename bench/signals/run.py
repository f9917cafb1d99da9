"""One seed in SUMO, with or without priority: every light by our controller, every request by our planner."""

import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import libsumo

from bench.signals.demand import END_S, emergency_trips, write_background
from bench.signals.junctions import Net, read_net
from goldentime.city.signals.plan import Rules, Scene, Send, decide
from goldentime.city.signals.request import Reason, Request, RequestId, State, stepped
from goldentime.city.signals.way import Drive, Way
from goldentime.core.ids import IncidentId
from goldentime.sim.signals.controller import Controller, Lights

EPOCH = datetime(2026, 1, 5, 8, tzinfo=UTC)  # a Monday; the plan needs a time, not this one
RULES = Rules()


@dataclass(slots=True)
class Judge:
    """Reads SUMO's own states every second: conflicting greens, walks cut short, yellows too short."""

    net: Net
    conflicts: int = 0
    walks_cut: int = 0
    walks: int = 0
    short_yellows: int = 0
    _before: dict[str, str] = field(default_factory=dict)
    _since: dict[tuple[str, int], int] = field(default_factory=dict)

    def look(self, light: str, state: str, now: int) -> None:
        """Judge one light's state at this second."""
        before = self._before.get(light)
        if state == before:
            return
        if before is not None:
            self._changed(light, before, state, now)
        green = {f"{i:03d}" for i, letter in enumerate(state) if letter == "G"}
        self.conflicts += sum(pair <= green for pair in self.net.foes[light])
        self._before[light] = state

    def _changed(self, light: str, before: str, state: str, now: int) -> None:
        junction = self.net.junctions[light]
        for index, (was, is_now) in enumerate(zip(before, state, strict=True)):
            if was == is_now:
                continue
            lasted = now - self._since.get((light, index), -1000)
            self._since[light, index] = now
            walk = junction.by_id[f"{index:03d}"].crossing_s
            if walk and was == "G":
                self.walks += 1
                self.walks_cut += lasted < walk
            if was == "y":
                self.short_yellows += lasted < junction.timing.yellow_s
            if was == "G" and is_now == "r" and not walk:
                self.short_yellows += 1


class Run:
    """The simulation of one seed."""

    def __init__(self, net: Net, seed: int, *, priority: bool) -> None:
        self.net, self.priority = net, priority
        self.controllers = {
            light: Controller(junction, 0.0, first=(seed + number) % len(junction.stages))
            for number, (light, junction) in enumerate(sorted(net.junctions.items()))
        }
        self.entered = {link: junction for junction in net.junctions.values() for link in junction.approaches}
        self.trips = emergency_trips(net, seed)
        self.ways: dict[str, Way] = {}
        self.book: dict[RequestId, Request] = {}
        self.number = 0
        self.shown: dict[str, str] = {}
        self.seen: dict[str, Lights] = {}
        self.judge = Judge(net)
        self.departed: dict[str, float] = {}
        self.arrived: dict[str, float] = {}
        self.waited: Counter[str] = Counter()

    def go(self) -> None:
        now = 0
        waiting = list(self.trips)
        while now < END_S:
            while waiting and waiting[0].depart <= now:
                self._send_out(waiting.pop(0))
            self._lights(now)
            libsumo.simulationStep()
            now += 1
            for light in self.controllers:
                self.judge.look(light, libsumo.trafficlight.getRedYellowGreenState(light), now)
            self.departed |= {one: now for one in libsumo.simulation.getDepartedIDList() if one in self.ways}
            self.arrived |= {one: now for one in libsumo.simulation.getArrivedIDList() if one in self.ways}
            if self.priority:
                self._plan(now)

    def _send_out(self, trip: Any) -> None:
        found = libsumo.simulation.findRoute(trip.start, trip.goal, "engine", routingMode=0)
        if not found.edges:
            return
        libsumo.route.add(trip.id, found.edges)
        libsumo.vehicle.add(trip.id, trip.id, "engine", departLane="best", departSpeed="0", arrivalPos="center")
        links = tuple(found.edges)
        metres = tuple(self.net.lengths[one] for one in links)
        seconds = tuple(self.net.lengths[one] / self.net.speeds[one] for one in links)
        self.ways[trip.id] = Way(links, metres, seconds)

    def _lights(self, now: int) -> None:
        for light, controller in self.controllers.items():
            for late in controller.tick(now):
                self._heard(RequestId(late), State.RELEASED, now, Reason.MAXIMUM)
            lights = controller.lights()
            for claim in controller.claims.values():
                if claim.green_at == now:
                    self._heard(RequestId(claim.id), State.ACTIVE, now)
            if lights is self.seen.get(light):
                continue
            self.seen[light] = lights
            state = "".join(
                "G" if g in lights.green else "y" if g in lights.yellow else "g" if g in lights.yielding else "r"
                for g in (group.id for group in controller.junction.groups)
            )
            if state != self.shown.get(light):
                self.shown[light] = state
                libsumo.trafficlight.setRedYellowGreenState(light, state)

    def _plan(self, now: int) -> None:
        at = EPOCH + timedelta(seconds=now)
        drives = {one.unit: one for one in self._drives(at)}
        if not drives and not any(not request.is_over for request in self.book.values()):
            return
        for step in decide(self.book, Scene(drives, self.entered, at, RULES), self._new_id):
            request = step.request
            self.book[request.id] = request
            controller = self.controllers[request.junction]
            if step.send is Send.REQUEST:
                refusal = controller.claim(request.id, request.approach)
                self._heard(request.id, State.REFUSED if refusal else State.CONFIRMED, now)
            elif step.send is Send.RELEASE:
                controller.release(request.id)
                self._heard(request.id, State.RELEASED, now)

    def _drives(self, at: datetime) -> list[Drive]:
        driving = set(libsumo.vehicle.getIDList()) & self.ways.keys()
        found = []
        for one in sorted(driving):
            index, road = libsumo.vehicle.getRouteIndex(one), libsumo.vehicle.getRoadID(one)
            if index < 0:
                continue
            way = self.ways[one]
            along = way.metres[index] if road.startswith(":") else libsumo.vehicle.getLanePosition(one)
            found.append(Drive(one, IncidentId(f"inc-{one}"), 0, way, index, along, at))
        return found

    def _heard(self, request: RequestId, state: State, now: int, reason: Reason | None = None) -> None:
        known = self.book[request]
        if not known.is_over:
            self.book[request] = stepped(known, state, EPOCH + timedelta(seconds=now), reason=reason)

    def _new_id(self) -> RequestId:
        self.number += 1
        return RequestId(f"r{self.number}")


def run(folder: Path, net: Net, seed: int, *, priority: bool, extra: tuple[str, ...] = ()) -> dict[str, Any]:
    """The seed's figures."""
    trips, infos = folder / f"trips-{seed}.xml", folder / f"info-{seed}-{int(priority)}.xml"
    if not trips.exists():
        write_background(net, seed, trips)
    began = time.process_time()
    libsumo.start(
        ["sumo", "-n", str(folder / "suwon.net.xml"), "-r", str(trips), "--seed", str(seed), "--no-step-log",
         "--no-warnings", "--ignore-route-errors", "--time-to-teleport", "300", "--time-to-teleport.highways", "0",
         "--tripinfo-output", str(infos), "--tripinfo-output.write-unfinished", "--device.rerouting.probability", "0.5",
         "--device.rerouting.period", "120", "--device.rerouting.adaptation-interval", "10", *extra]
    )  # fmt: skip
    one = Run(net, seed, priority=priority)
    try:
        one.go()
        teleports = libsumo.simulation.getParameter("", "stats.teleports.total")
    finally:
        libsumo.close()
    told = list(ET.parse(infos).getroot())  # noqa: S314  SUMO's own
    cars = [info for info in told if info.get("vType") == "car"]
    engines = {info.get("id", ""): info for info in told if info.get("vType") == "engine"}
    losses = [float(info.get("timeLoss", "0")) for info in cars]
    duration = sum(float(info.get("duration", "0")) for info in cars)
    length = sum(float(info.get("routeLength", "0")) for info in cars)
    reasons = Counter(str(request.reason) for request in one.book.values() if request.requested_at)
    return {
        "seed": seed,
        "priority": priority,
        "times": {k: one.arrived.get(k, END_S) - one.departed[k] for k in one.departed},
        "unfinished": sorted(one.departed.keys() - one.arrived.keys()),
        "metres": {k: float(info.get("routeLength", "0")) for k, info in engines.items()},
        "lost": {k: float(info.get("timeLoss", "0")) for k, info in engines.items()},
        "signals": {k: sum(link in one.entered for link in way.links[:-1]) for k, way in one.ways.items()},
        "cars": len(cars),
        "car_loss_s": sum(losses) / len(losses),
        "car_kmh": length / duration * 3.6,
        "conflicts": one.judge.conflicts,
        "walks": one.judge.walks,
        "walks_cut": one.judge.walks_cut,
        "short_yellows": one.judge.short_yellows,
        "asked": sum(reasons.values()),
        "reasons": dict(reasons),
        "teleports": teleports,
        "took_s": time.process_time() - began,
    }


def main(folder: Path, seeds: list[int], extra: tuple[str, ...] = ()) -> None:
    """A line of JSON per run, for each seed without and with priority."""
    net = read_net(folder / "suwon.net.xml")
    for seed in seeds:
        for priority in (False, True):
            print(json.dumps(run(folder, net, seed, priority=priority, extra=extra)), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(one) for one in sys.argv[2].split(",")], tuple(sys.argv[3:]))
