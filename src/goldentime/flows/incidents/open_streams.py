"""How an incident's cameras are opened the moment it does, before anyone clicks, the most severe first."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from goldentime.city.cameras.streams import Policy, Stream
from goldentime.city.incidents.incident import SEVERITY_ORDER, Incident, State
from goldentime.core.errors import GoldentimeError, MediaUnavailable
from goldentime.core.ids import CameraId, IncidentId
from goldentime.flows.ports import Reading
from goldentime.flows.world import World
from goldentime.messages.video import StreamSource

ALWAYS = "always"


def priority_of(incident: Incident | None) -> int:
    """How much of the budget of open streams an incident deserves, higher is more; looks on duty come last."""
    return 0 if incident is None else len(SEVERITY_ORDER) - SEVERITY_ORDER[incident.severity]


def source_of(stream: Stream) -> StreamSource:
    """The stream's address as the engine wants it."""
    return StreamSource(
        url=stream.url,
        username=stream.username,
        password=stream.password,
        transport=stream.transport.value,
        substream_url=stream.substream_url or None,
    )


def low_source_of(stream: Stream) -> StreamSource:
    """The camera's small stream as a stream of its own; only where it has one."""
    return replace(source_of(stream), url=stream.substream_url, substream_url=None)


def low_id_of(camera: CameraId) -> CameraId:
    """Under which name the engine plays the camera's small stream; no camera's id has this sign."""
    return CameraId(f"{camera}~low")


def open_streams(world: World, incident: Incident, cameras: Sequence[CameraId]) -> None:
    """Begin to open the cameras under the incident's hold; the report's answer does not wait for it."""
    task = asyncio.get_running_loop().create_task(ensure_streams(world, incident, cameras))
    world.opening.add(task)
    task.add_done_callback(world.opening.discard)


async def ensure_streams(world: World, incident: Incident, cameras: Sequence[CameraId]) -> None:
    """Open each camera that has an address; an engine that is down is told everything when it is back."""
    opened: list[CameraId] = []
    for camera in cameras:
        stream = await world.store.read(lambda look, c=camera: _find_wanted(look, incident.id, c))  # type: ignore[misc]
        if stream is None:
            continue
        opened.append(camera)  # also when the call fails: it may have been heard all the same
        try:
            await world.video.ensure_stream(
                camera, source_of(stream), priority=priority_of(incident), hold=hold_of(incident.id)
            )
        except MediaUnavailable:
            break
        except GoldentimeError:
            continue  # one forbidden address must not keep the others shut; a look at it says why
    wanted = await world.store.read(lambda look: [_find_wanted(look, incident.id, camera) for camera in opened])
    # closed, or chosen anew, meanwhile: what we opened must not stay open
    gone = [camera for camera, stream in zip(opened, wanted, strict=True) if stream is None]
    await release_cameras(world, incident.id, gone)


def hold_of(incident: IncidentId) -> str:
    """The name under which an incident keeps its cameras open."""
    return f"incident:{incident}"


def _find_wanted(look: Reading, incident_id: IncidentId, camera: CameraId) -> Stream | None:
    """The camera's stream while the incident is open and the camera one of its own."""
    incident = look.find_incident(incident_id)
    if incident is None or incident.state is State.CLOSED:
        return None
    chosen = any(pick.camera_id == camera for pick, _ in look.list_picks(incident_id))
    return look.find_stream(camera) if chosen else None


async def release_cameras(world: World, incident: IncidentId, cameras: Sequence[CameraId]) -> None:
    """Let go of the incident's hold on the cameras; one that another hold keeps stays open."""
    for camera in cameras:
        try:
            await world.video.release_stream(camera, hold=hold_of(incident))
        except MediaUnavailable:
            return


async def release_streams(world: World, incident: IncidentId) -> None:
    """Let go of every camera the incident holds, chosen now or before; one that another hold keeps stays open."""
    with suppress(MediaUnavailable):
        await world.video.release_hold(hold_of(incident))


async def keep_always_streams(world: World) -> int:
    """Hold every camera open whose policy says always, below any incident in the budget; returns how many."""
    streams = await world.store.read(lambda look: look.list_streams())
    always = [stream for stream in streams if stream.policy is Policy.ALWAYS]
    for stream in always:
        try:
            await world.video.ensure_stream(stream.camera_id, source_of(stream), priority=0, hold=ALWAYS)
        except MediaUnavailable:
            return 0
        except GoldentimeError:
            continue
    return len(always)


async def reopen_streams(world: World) -> None:
    """Open the cameras of every open incident again, and those always held, after engine or platform have restarted."""
    await keep_always_streams(world)
    incidents = await world.store.read(lambda look: look.list_incidents(open_only=True))
    oldest_first = sorted(incidents, key=lambda i: i.opened_at)  # among equals the budget goes to whom was asked last
    for incident in sorted(oldest_first, key=lambda i: SEVERITY_ORDER[i.severity]):
        if incident.sandbox:
            continue
        picks = await world.store.read(lambda look, i=incident: look.list_picks(i.id))  # type: ignore[misc]
        working = [pick.camera_id for pick, _ in picks if pick.status.value == "working"]
        await ensure_streams(world, incident, working)
