"""Changing a portal while it runs: its clock, its switches, its features."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from sqlalchemy import bindparam, select, update

from mock_bitrix.clock import Clock
from mock_bitrix.portal.model import Portal
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement

_p = schema.portals.c
_this = _p.id == bindparam("portal_id")

# Held until the change is written: nobody else's gets lost in between.
_read = Statement(
    select(_p.clock_offset, _p.clock_frozen_at, _p.switches, _p.features)
    .where(_this)
    .with_for_update()
)
_write_clock = Statement(
    update(schema.portals)
    .where(_this)
    .values(clock_offset=bindparam("offset"), clock_frozen_at=bindparam("frozen_at"))
)
_write_switches = Statement(
    update(schema.portals).where(_this).values(switches=bindparam("stored"))
)
_write_features = Statement(
    update(schema.portals).where(_this).values(features=bindparam("stored"))
)


def move_clock(database: Database, portal: Portal, move: Callable[[Clock], Clock]) -> Clock:
    """Give the portal the clock that `move` makes of the one it has."""
    with database.transaction():
        offset, frozen_at, *_ = _portal(database, portal)
        moved = move(Clock(offset, frozen_at))
        database.run(
            _write_clock, portal_id=portal.id, offset=moved.offset, frozen_at=moved.frozen_at
        )
        database.raise_revision()
    return moved


def change_switches(database: Database, portal: Portal, given: Mapping[str, object]) -> None:
    """Set the given switches; None: as the profile has it. They must be valid."""
    with database.transaction():
        stored = _merged(_portal(database, portal)[2], given)
        database.run(_write_switches, portal_id=portal.id, stored=stored)
        database.raise_revision()


def change_features(database: Database, portal: Portal, given: Mapping[str, bool]) -> None:
    """Switch the given features of the plan on or off."""
    with database.transaction():
        stored = _merged(_portal(database, portal)[3], given)
        database.run(_write_features, portal_id=portal.id, stored=stored)
        database.raise_revision()


def _portal(database: Database, portal: Portal) -> tuple[Any, ...]:
    return database.run(_read, portal_id=portal.id)[0]


def _merged(stored: str, given: Mapping[str, object]) -> str:
    merged = {**orjson.loads(stored), **given}
    return orjson.dumps({k: v for k, v in merged.items() if v is not None}).decode()
