"""The faults of a portal, in the database: all processes count the same strikes."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Integer, bindparam, delete, insert, or_, select, update

from mock_bitrix.faults.model import Fault, Moment
from mock_bitrix.portal.model import Portal
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database, Row
from mock_bitrix.storage.statement import Statement

_f = schema.faults.c
_COLUMNS = (
    _f.id,
    _f.fault,
    _f.method,
    _f.times,
    _f.probability,
    _f.delay,
    _f.moment,
    _f.struck,
)
_of_portal = _f.portal_id == bindparam("portal_id", type_=Integer())
_by_id = _f.id == bindparam("number", type_=Integer())
_may_strike = or_(_f.times.is_(None), _f.struck < _f.times)

_all = Statement(select(*_COLUMNS).where(_of_portal).order_by(_f.id))
_armed = Statement(select(*_COLUMNS).where(_of_portal, _may_strike).order_by(_f.id))
_add = Statement(
    insert(schema.faults)
    .values({c.name: bindparam(c.name, type_=c.type) for c in _f if c is not _f.id})
    .returning(_f.id)
)
_remove = Statement(delete(schema.faults).where(_of_portal, _by_id))
_remove_all = Statement(delete(schema.faults).where(_of_portal))
_claim = Statement(
    update(schema.faults)
    .where(_by_id, _may_strike)
    .values(struck=_f.struck + 1)
    .returning(_f.struck, _f.times)
)


class Faults:
    """The faults of one portal."""

    def __init__(self, database: Database, portal: Portal) -> None:
        self._database = database
        self._portal_id = portal.id

    def all(self) -> list[Fault]:
        """Every fault, spent ones too, oldest first."""
        return [_fault(row) for row in self._database.run(_all, portal_id=self._portal_id)]

    def armed(self) -> tuple[Fault, ...]:
        """The faults that can still strike, oldest first."""
        return tuple(_fault(row) for row in self._database.run(_armed, portal_id=self._portal_id))

    def add(self, **given: Any) -> Fault:
        """Order a fault: `fault`, `method`, `times`, `probability`, `delay`, `when`."""
        given["moment"] = given.pop("when")
        given["method"] = given["method"].lower()
        with self._database.transaction():
            number = self._database.run(_add, portal_id=self._portal_id, struck=0, **given)[0][0]
            self._database.raise_revision()
        return next(fault for fault in self.all() if fault.id == number)

    def remove(self, number: int) -> bool:
        """Take a fault back; False where there is none of that number."""
        with self._database.transaction():
            removed = self._database.change(_remove, portal_id=self._portal_id, number=number)
            self._database.raise_revision()
        return removed == 1

    def clear(self) -> int:
        """Take all faults back; give how many there were."""
        with self._database.transaction():
            removed = self._database.change(_remove_all, portal_id=self._portal_id)
            self._database.raise_revision()
        return removed

    def claim(self, fault: Fault) -> bool:
        """Strike once; False where the last time went to somebody else."""
        with self._database.transaction():
            struck = self._database.run(_claim, number=fault.id)
            if struck and struck[0][0] == struck[0][1]:
                self._database.raise_revision()
        return bool(struck)


def _fault(row: Row) -> Fault:
    number, fault, method, times, probability, delay, moment, struck = row
    when = cast("Moment", moment)
    return Fault(number, fault, method, times, probability, delay, when, struck)
