"""What a portal has that no part of its document shows: throttles, faults, notices, codes, frames.

A snapshot carries these rows as they are, so that the copy goes on alike. Numbers of applications
and bindings are replaced by their positions: the copy's have other numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from sqlalchemy import Column, Table, bindparam, insert, select

from mock_bitrix.portal.paths import LoadError, Path, hint
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement

Rows = dict[str, list[dict[str, Any]]]
Numbers = Mapping[str, Sequence[int]]
"""By column (`application_id`, `binding_id`): the numbers, in the document's order."""

TABLES = {
    table.name: table
    for table in (
        schema.faults,
        schema.request_levels,
        schema.operating,
        schema.notices,
        schema.launches,
        schema.codes,
        schema.frames,
    )
}


def _kept(table: Table) -> list[Column[Any]]:
    """The columns that mean something in another portal."""
    return [column for column in table.c if column.name not in ("id", "portal_id")]


_read = {
    name: Statement(
        select(*_kept(table))
        .where(table.c.portal_id == bindparam("portal_id"))
        .order_by(*table.primary_key.columns)
    )
    for name, table in TABLES.items()
}
_write = {
    name: Statement(
        insert(table)
        .inline()
        .values({c.name: bindparam(c.name) for c in (*_kept(table), table.c.portal_id)})
    )
    for name, table in TABLES.items()
}


def read(database: Database, portal_id: int, numbers: Numbers) -> Rows:
    """The rows of a portal, by table; tables without rows are left out."""
    positions = {name: {n: i for i, n in enumerate(each)} for name, each in numbers.items()}
    found: Rows = {}
    for name, statement in _read.items():
        columns = [column.name for column in _kept(TABLES[name])]
        rows = database.run(statement, portal_id=portal_id)
        shown = [_with_positions(dict(zip(columns, row, strict=True)), positions) for row in rows]
        known = [row for row in shown if row is not None]
        if known:
            found[name] = known
    return found


def _with_positions(
    row: dict[str, Any], positions: Mapping[str, Mapping[int, int]]
) -> dict[str, Any] | None:
    """A row with positions for numbers; None where what it belongs to is gone."""
    for name, known in positions.items():
        if name in row:
            if row[name] not in known:
                return None
            row[name] = known[row[name]]
    return row


def write(database: Database, portal_id: int, rows: Rows, numbers: Numbers) -> None:
    """Give a portal the rows of another. Raises `LoadError` for what `read` never gives."""
    for name, each in rows.items():
        where: Path = ("portal", "state", "hidden", name)
        if name not in TABLES:
            raise LoadError(where, f"no such key{hint(name, TABLES)}")
        for index, row in enumerate(each):
            checked = _checked(TABLES[name], row, numbers, (*where, index))
            database.run(_write[name], portal_id=portal_id, **checked)


def _checked(table: Table, row: Mapping[str, Any], numbers: Numbers, where: Path) -> dict[str, Any]:
    columns = _kept(table)
    for name in row:
        if name not in table.c:
            raise LoadError((*where, name), f"no such key{hint(name, (c.name for c in columns))}")
    checked = {}
    for column in columns:
        value = row.get(column.name)
        if not _fits(column, value):
            kind = column.type.python_type.__name__
            raise LoadError(
                (*where, column.name), f"doesn't fit; expected what was written ({kind})"
            )
        checked[column.name] = value
        if column.name in numbers:
            checked[column.name] = _number(numbers[column.name], value, (*where, column.name))
    return checked


def _number(known: Sequence[int], position: object, where: Path) -> int:
    if not isinstance(position, int) or not 0 <= position < len(known):
        raise LoadError(where, f"there is no number {position}; expected less than {len(known)}")
    return known[position]


def _fits(column: Column[Any], value: object) -> bool:
    if value is None:
        return bool(column.nullable)
    kind = column.type.python_type
    if kind is int:
        return type(value) is int and -(2**63) <= value < 2**63
    if kind is float:
        return isinstance(value, int | float) and type(value) is not bool and isfinite(value)
    return type(value) is str
