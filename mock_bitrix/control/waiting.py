"""Waiting until the queues of a portal are empty, or until enough calls have come."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from mock_bitrix import clock
from mock_bitrix.control.common import House, portal_named, reply
from mock_bitrix.control.problems import Wrong
from mock_bitrix.control.queue import Row, shown
from mock_bitrix.emulator import Emulator
from mock_bitrix.journal import reading
from mock_bitrix.queue.overview import Choice, Overview

router = APIRouter(tags=["queue"])

PAUSE = 0.02
"""Seconds between two looks."""

MOST_SHOWN = 50
"""Rows that are shown of those left."""


class Left(BaseModel):
    """What there is at the end of the wait."""

    rows: int = Field(description="How many rows are left")
    calls: int = Field(description="How many calls there were")
    states: dict[str, int] = Field(description="How many of the rows are free, reserved, in error")
    left: list[Row] = Field(description="The first of the rows")


@router.get(
    "/portals/{portal}/wait",
    response_model=Left,
    responses={408: {"model": Left, "description": "The time is over; what is left"}},
)
async def wait(
    emulator: House,
    portal: str,
    *,
    drained: Annotated[str | None, Query(description="Wait until no row is left")] = None,
    calls: Annotated[int | None, Query(ge=0, description="Wait for so many calls")] = None,
    at_least: Annotated[
        int | None, Query(alias="calls>", ge=0, description="The same, as in calls>=3")
    ] = None,
    timeout: Annotated[float, Query(ge=0, le=600, description="Seconds")] = 5.0,
) -> Response:
    """Answer as soon as it is so; 408, with what is left, when it takes too long."""
    wanted = calls if calls is not None else at_least
    waits_for_rows = drained is not None and drained.lower() not in ("0", "false")
    if not waits_for_rows and wanted is None:
        raise Wrong(("drained",), "expected drained, or calls=N")
    end = clock.stopwatch() + timeout
    while True:
        done = await asyncio.to_thread(_is_done, emulator, portal, waits_for_rows, wanted)
        if done or clock.stopwatch() >= end:
            break
        await asyncio.sleep(min(PAUSE, max(0.0, end - clock.stopwatch())))
    return await asyncio.to_thread(_left, emulator, portal, 200 if done else 408)


def _is_done(emulator: Emulator, name: str, drained: bool, calls: int | None) -> bool:
    portal = portal_named(emulator, name)
    if drained and not Overview(emulator.database, portal).is_empty():
        return False
    return calls is None or reading.count(emulator, portal) >= calls


def _left(emulator: Emulator, name: str, status: int) -> Response:
    portal = portal_named(emulator, name)
    overview, now = Overview(emulator.database, portal), portal.clock.now()
    states = overview.counts(Choice())
    rows = overview.rows(Choice(), MOST_SHOWN)
    left = {
        "rows": sum(states.values()),
        "calls": reading.count(emulator, portal),
        "states": states,
        "left": [shown(row, portal, now) for row in rows],
    }
    return reply(left, status)
