"""Rows that can't be put because one like them is there: finding which, once a write has failed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from mock_bitrix.portal.row_writing import Values, key_of
from mock_bitrix.queue.statements import KEY, same_key
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement

_q = schema.queue.c
_same_id = Statement(
    select(_q.id).where(
        _q.portal_id == bindparam("portal_id", type_=_q.portal_id.type),
        _q.id == bindparam("id", type_=_q.id.type),
    )
)


def clash(database: Database, rows: Sequence[Values]) -> tuple[int, str] | None:
    """The position of the first row that repeats another one, and what it repeats."""
    return _clash_within(rows) or _clash_with_database(database, rows)


def _clash_within(rows: Sequence[Values]) -> tuple[int, str] | None:
    keys: dict[object, int] = {}
    ids: dict[object, int] = {}
    for number, row in enumerate(rows):
        for seen, name, what in ((keys, key_of(row), "message id"), (ids, row["id"], "id")):
            if name is not None and seen.setdefault(name, number) != number:
                return number, f"has the same {what} as row {seen[name]} of the list"
    return None


def _clash_with_database(database: Database, rows: Sequence[Values]) -> tuple[int, str] | None:
    for number, row in enumerate(rows):
        twin = database.run(same_key, **{name: row[name] for name in KEY})
        if twin:
            return number, f"has the same message id as row {twin[0][0]} of the queue"
        if row["id"] and database.run(_same_id, portal_id=row["portal_id"], id=row["id"]):
            return number, f"has the id {row['id']}, which another row of the portal has"
    return None
