"""The portals as they were at the start: kept in the database, put back by a reset.

The rows themselves are kept, not the files that they came from: files change and vanish, and
what was generated (tokens, ids) stays what a client was told.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Float, Integer, Select, Table, bindparam, delete, insert, select

from mock_bitrix import clock
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement

_MOVING = ("written", "reserved_at")
"""Columns of queue rows that count from the moment at which the server wrote them."""

_number = bindparam("portal_id", type_=Integer())
_forget = [Statement(delete(table)) for table in (*schema.START.values(), schema.START_PORTALS)]
_clear = [Statement(delete(table)) for table in (*schema.OF_PORTALS, schema.portals)]
_kept = Statement(
    select(
        schema.START_PORTALS.c.id,
        schema.START_PORTALS.c.kept_at,
        schema.START_PORTALS.c.clock_frozen_at,
    )
)


def _into(target: Table, rows: Select[Any]) -> Statement:
    names = [column.name for column in rows.selected_columns]
    return Statement(insert(target).from_select(names, rows))


def _keeping(table: Table) -> Statement:
    rows = select(*table.c).where(table.c.portal_id == _number)
    return _into(schema.START[table], rows)


def _putting_back(table: Table) -> Statement:
    kept = schema.START[table]
    later = bindparam("later", type_=Float(53))
    columns = [
        (c + later).label(c.name) if table is schema.queue and c.name in _MOVING else c
        for c in kept.c
    ]
    return _into(table, select(*columns).where(kept.c.portal_id == _number))


_p = schema.portals
_keep_portal = _into(
    schema.START_PORTALS,
    select(*_p.c, bindparam("now", type_=Float(53)).label("kept_at")).where(_p.c.id == _number),
)
_portal_back = _into(
    _p,
    select(*(c for c in schema.START_PORTALS.c if c.name != "kept_at")).where(
        schema.START_PORTALS.c.id == _number
    ),
)
_keep = [_keeping(table) for table in schema.START]
_back = {table: _putting_back(table) for table in schema.START}


def keep(database: Database, portals: Iterable[int]) -> None:
    """Remember portals, by number, as they are now."""
    with database.transaction():
        for number in portals:
            database.run(_keep_portal, portal_id=number, now=clock.system_now())
            for statement in _keep:
                database.run(statement, portal_id=number)


def forget(database: Database) -> None:
    """Remember no portal any more."""
    with database.transaction():
        for statement in _forget:
            database.run(statement)


def put_back(database: Database) -> None:
    """Make the portals what they were, and forget those that came since.

    Rows count as written anew, except where the portal's clock stood still.
    """
    with database.transaction():
        for statement in _clear:
            database.run(statement)
        for number, kept_at, frozen_at in database.run(_kept):
            later = 0.0 if frozen_at is not None else clock.system_now() - kept_at
            database.run(_portal_back, portal_id=number)
            for table, statement in _back.items():
                moved = {"later": later} if table is schema.queue else {}
                database.run(statement, portal_id=number, **moved)
        database.raise_revision()
