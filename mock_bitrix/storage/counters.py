"""Numbers that count up: a portal's row ids, and the steps of its seeded randomness."""

from __future__ import annotations

from sqlalchemy import bindparam, case, func

from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement, insert_into

_c = schema.counters.c

_next = Statement(
    lambda dialect: (
        insert_into(dialect, schema.counters)
        .values(portal_id=bindparam("portal_id"), name=bindparam("name"), value=bindparam("by"))
        .on_conflict_do_update(
            index_elements=["portal_id", "name"], set_={"value": _c.value + bindparam("by")}
        )
        .returning(_c.value)
    )
)

_at_least = Statement(
    lambda dialect: (
        (row := insert_into(dialect, schema.counters))
        .values(portal_id=bindparam("portal_id"), name=bindparam("name"), value=bindparam("least"))
        .on_conflict_do_update(
            index_elements=["portal_id", "name"],
            set_={
                "value": case((_c.value < row.excluded.value, row.excluded.value), else_=_c.value)
            },
        )
    )
)

_read = Statement(
    schema.counters.select()
    .with_only_columns(func.coalesce(func.max(_c.value), 0))
    .where(_c.portal_id == bindparam("portal_id"), _c.name == bindparam("name"))
)


class Counters:
    """A portal's counters. What `next` gave is never given again, by no process."""

    def __init__(self, database: Database, portal_id: int) -> None:
        self._database = database
        self._portal_id = portal_id

    def next(self, name: str, by: int = 1) -> int:
        """The next number, from 1; with `by`, the last of that many."""
        rows = self._database.run(_next, portal_id=self._portal_id, name=name, by=by)
        return int(rows[0][0])

    def at_least(self, name: str, least: int) -> None:
        """Make the next number greater than `least`."""
        self._database.change(_at_least, portal_id=self._portal_id, name=name, least=least)

    def value(self, name: str) -> int:
        """The last number given; 0 before the first."""
        return int(self._database.run(_read, portal_id=self._portal_id, name=name)[0][0])
