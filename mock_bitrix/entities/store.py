"""Entities in the database: one table for every kind, a row each, its fields as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Select, bindparam, delete, func, insert, select, update

from mock_bitrix.php.json import kept
from mock_bitrix.storage import schema
from mock_bitrix.storage.counters import Counters
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement

_e = schema.entities.c
_kind = (_e.portal_id == bindparam("portal_id"), _e.kind == bindparam("kind"))
_one = (*_kind, _e.id == bindparam("entity_id"))
_range = (*_kind, _e.id >= bindparam("low"), _e.id <= bindparam("high"))


def _page(order: Any) -> Select[Any]:
    found = select(_e.id, _e.data).where(*_range).order_by(order)
    number = _e.id.type
    return found.limit(bindparam("limit", type_=number)).offset(bindparam("offset", type_=number))


_insert = Statement(
    insert(schema.entities).values({column.name: bindparam(column.name) for column in _e})
)
_change = Statement(
    update(schema.entities)
    .where(*_one)
    .values(data=bindparam("new_data"), touched=bindparam("new_touched"))
)
_remove = Statement(delete(schema.entities).where(*_one))
_get = Statement(select(_e.id, _e.data).where(*_one))
_get_to_change = Statement(select(_e.id, _e.data).where(*_one).with_for_update())
_get_code = Statement(select(_e.id, _e.data).where(*_kind, _e.code == bindparam("wanted")))
_count = Statement(select(func.count()).select_from(schema.entities).where(*_range))
_every = Statement(select(_e.id, _e.data).where(*_range).order_by(_e.id))
_recent = Statement(
    select(_e.id, _e.data).where(*_kind, _e.touched >= bindparam("since", type_=_e.touched.type))
)
_rising = Statement(_page(_e.id))
_falling = Statement(_page(_e.id.desc()))
_kinds = Statement(
    select(_e.kind).where(_e.portal_id == bindparam("portal_id")).distinct().order_by(_e.kind)
)


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity: its number, and its fields as they are stored (ID among them)."""

    id: int
    data: dict[str, Any]


class Store:
    """The entities of one portal."""

    def __init__(self, database: Database, portal_id: int) -> None:
        self._database = database
        self._portal_id = portal_id
        self._counters = Counters(database, portal_id)
        self.changing = False
        """Whether what is read is about to be changed: then nobody else may change it meanwhile."""

    def next_id(self, kind: str) -> int:
        """A number that no entity of the kind has had."""
        return self._counters.next(f"entity:{kind}")

    def keep_free(self, kind: str, number: int) -> None:
        """Make the kind's next number greater than this one."""
        self._counters.at_least(f"entity:{kind}", number)

    def insert(
        self,
        kind: str,
        entities: Iterable[Entity],
        code: str | None = None,
        touched: str | None = None,
    ) -> None:
        """Write new entities.

        `code`: name of the field that tells them apart instead of the id; `touched`: of the one
        with the time of the last change.
        """
        self._database.change_many(
            _insert,
            [
                {
                    "portal_id": self._portal_id,
                    "kind": kind,
                    "id": each.id,
                    "code": str(each.data.get(code, "")) if code else "",
                    "touched": _moment(each, touched),
                    "data": _json(each.data),
                }
                for each in entities
            ],
        )

    def change(self, kind: str, entity: Entity, touched: str | None = None) -> None:
        """Write an entity over its older state; `touched`: as for `insert`."""
        values = {"new_data": _json(entity.data), "new_touched": _moment(entity, touched)}
        self._run(_change, kind, entity_id=entity.id, **values)

    def remove(self, kind: str, number: int) -> bool:
        """Delete an entity; False where there was none."""
        given = {"portal_id": self._portal_id, "kind": kind, "entity_id": number}
        return self._database.change(_remove, **given) > 0

    def get(self, kind: str, number: int) -> Entity | None:
        """An entity by its number."""
        statement = _get_to_change if self.changing else _get
        return next(iter(self._run(statement, kind, entity_id=number)), None)

    def by_code(self, kind: str, code: str) -> Entity | None:
        """An entity of a kind whose entities have codes."""
        return next(iter(self._run(_get_code, kind, wanted=code)), None)

    def count(self, kind: str, low: int, high: int) -> int:
        """How many entities have ids from `low` to `high`."""
        given = {"portal_id": self._portal_id, "kind": kind, "low": low, "high": high}
        return int(self._database.run(_count, **given)[0][0])

    def page(
        self, kind: str, ids: tuple[int, int], *, falling: bool, limit: int, offset: int
    ) -> list[Entity]:
        """Some of the entities with ids in a range, in the order of their ids."""
        statement = _falling if falling else _rising
        low, high = ids
        return list(self._run(statement, kind, low=low, high=high, limit=limit, offset=offset))

    def every(self, kind: str, low: int, high: int) -> Iterator[Entity]:
        """All entities with ids from `low` to `high`, one by one."""
        return self._run(_every, kind, low=low, high=high)

    def matching(
        self,
        kind: str,
        ids: tuple[int, int],
        fits: Callable[[Mapping[str, Any]], bool],
        since: float | None = None,
    ) -> Iterator[Entity]:
        """Those entities with ids in a range whose fields fit, by their ids.

        `since`: only those that were last changed then or later are looked at.
        """
        low, high = ids
        given: dict[str, Any] = {"portal_id": self._portal_id, "kind": kind}
        if since is None:
            rows = self._database.run(_every, **given, low=low, high=high)
        else:
            recent = self._database.run(_recent, **given, since=since)
            rows = sorted(row for row in recent if low <= row[0] <= high)
        for number, data in rows:
            fields = _fields(number, data)
            if fits(fields):
                yield Entity(number, fields)

    def kinds(self) -> list[str]:
        """The kinds of which there is an entity."""
        return [name for (name,) in self._database.run(_kinds, portal_id=self._portal_id)]

    def _run(self, statement: Statement, kind: str, **given: Any) -> Iterator[Entity]:
        rows = self._database.run(statement, portal_id=self._portal_id, kind=kind, **given)
        return (_entity(number, data) for number, data in rows)


def _entity(number: int, data: str) -> Entity:
    return Entity(number, _fields(number, data))


def _moment(entity: Entity, touched: str | None) -> float | None:
    value = entity.data.get(touched) if touched else None
    return float(value) if isinstance(value, int | float) else None


def _fields(number: int, data: str) -> dict[str, Any]:
    fields: dict[str, Any] = orjson.loads(data)
    fields["ID"] = number
    return fields


def _json(data: dict[str, Any]) -> str:
    return kept({name: value for name, value in data.items() if name != "ID"})
