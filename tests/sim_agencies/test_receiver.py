"""An agency's simulated receiver ends as a program should: at once, and with nothing left behind."""

import asyncio

import pytest

from goldentime.sim.agencies.receiver import ReceivingAgency


@pytest.mark.socket
async def test_stopping_while_the_platform_is_connected_leaves_no_line_for_the_loop_to_end() -> None:
    there, before = ReceivingAgency(), asyncio.all_tasks()
    port = await there.start()
    lines = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
    async with asyncio.timeout(10):
        while len(asyncio.all_tasks() - before) < len(lines):  # noqa: ASYNC110  the server tells nobody
            await asyncio.sleep(0)
        await there.stop()
    assert asyncio.all_tasks() == before
    for _, writer in lines:
        writer.close()
