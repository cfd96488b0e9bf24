"""The portal's clock: one for tokens, timestamps, throttles, retention and limits."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, model_validator

from mock_bitrix.clock import Clock
from mock_bitrix.control.bodies import Raw, takes, understood
from mock_bitrix.control.common import House, portal_named, reply
from mock_bitrix.control.problems import Wrong
from mock_bitrix.php.dates import iso
from mock_bitrix.portal.changing import move_clock
from mock_bitrix.portal.document import Part
from mock_bitrix.portal.kinds import FARTHEST, FIRST, LAST, Number, Time
from mock_bitrix.portal.model import Portal
from mock_bitrix.queue.queue import sweep

router = APIRouter(tags=["clock"])


class Now(BaseModel):
    """What the clock shows."""

    now: datetime = Field(description="In the portal's time zone")
    frozen: bool = Field(description="Whether it stands still")


class Move(Part):
    """One of the three."""

    advance: Number | None = Field(None, description="Seconds to move on; negative: back")
    freeze: Time | Literal[True] | None = Field(
        None, description="The time at which to stand still, with its offset; true: now"
    )
    resume: Literal[True] | None = Field(None, description="Run on from where it stands")

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(each is not None for each in (self.advance, self.freeze, self.resume)) != 1:
            raise ValueError("expected one of advance, freeze and resume")
        return self

    def of(self, clock: Clock) -> Clock:
        """The clock that it makes of another one. Raises `Wrong`."""
        if self.advance is not None:
            return _possible(clock.advanced(self.advance), "advance")
        if isinstance(self.freeze, datetime):
            return _possible(clock.frozen(self.freeze.timestamp()), "freeze")
        return clock.frozen(clock.now()) if self.freeze else clock.resumed()


def _possible(moved: Clock, name: str) -> Clock:
    if not (FIRST <= moved.now() < LAST and abs(moved.offset) <= FARTHEST):
        raise Wrong((name,), "leads out of the calendar; expected a time from 1970 to 9998")
    return moved


@router.get("/portals/{portal}/clock", response_model=Now)
def show_clock(emulator: House, portal: str) -> Response:
    """The portal's time."""
    return reply(_shown(portal_named(emulator, portal)))


@router.put("/portals/{portal}/clock", response_model=Now, openapi_extra=takes(Move))
def change_clock(emulator: House, portal: str, body: Raw) -> Response:
    """Move, stop or start the portal's clock. Rows that expire by it are gone at once."""
    move = understood(body, Move)
    target = portal_named(emulator, portal)
    move_clock(emulator.database, target, move.of)
    moved = portal_named(emulator, target.member_id)
    sweep(emulator.database, moved)
    return reply(_shown(moved))


def _shown(portal: Portal) -> dict[str, object]:
    clock = portal.clock
    return {"now": iso(clock.now(), portal.zone), "frozen": clock.frozen_at is not None}
