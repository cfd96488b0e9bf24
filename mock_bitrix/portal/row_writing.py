"""Writing queue rows as they are: ids where they were given, the portal's next ones elsewhere."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from operator import itemgetter
from typing import Any

from sqlalchemy import bindparam

from mock_bitrix.queue.statements import KEY
from mock_bitrix.storage import schema
from mock_bitrix.storage.counters import Counters
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Positional

Values = dict[str, Any]

AT_ONCE = 50
"""Rows in one statement: a statement costs as much as a row."""

_columns = tuple(column.name for column in schema.queue.c if column.name != "seq")
_in_order = itemgetter(*_columns)


def _inserting(count: int) -> Positional:
    rows: Any = [{name: bindparam(f"{name}{n}") for name in _columns} for n in range(count)]
    return Positional(schema.queue.insert().inline().values(rows))


_insert_one, _insert_many = _inserting(1), _inserting(AT_ONCE)


def key_of(row: Values) -> tuple[object, ...]:
    """What no two rows have in common (protocol D.8)."""
    return tuple(row[name] for name in KEY)


def keep_free(database: Database, portal_id: int, highest: int) -> None:
    """Make the portal number its next rows after `highest`, so that given ids stay free."""
    if highest:
        Counters(database, portal_id).at_least("row", highest)


def write_rows(database: Database, rows: list[Values]) -> None:
    """Write rows; give an id to those that have none.

    Raises `StorageError` for a key or an id that is there already.
    """
    wanted = Counter(row["portal_id"] for row in rows if row["id"] is None)
    numbers = {portal_id: _numbers(database, portal_id, n) for portal_id, n in wanted.items()}
    for row in rows:
        if row["id"] is None:
            row["id"] = next(numbers[row["portal_id"]])
    ordered = list(map(_in_order, rows))
    alone = len(ordered) % AT_ONCE
    database.change_many(_insert_one, ordered[:alone])
    blocks = (ordered[start : start + AT_ONCE] for start in range(alone, len(ordered), AT_ONCE))
    database.change_many(_insert_many, (tuple(chain.from_iterable(block)) for block in blocks))


def _numbers(database: Database, portal_id: int, count: int) -> Any:
    last = Counters(database, portal_id).next("row", count)
    return iter(range(last - count + 1, last + 1))
