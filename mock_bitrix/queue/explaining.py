"""Why a take gives what it gives: where every row of an application is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    Text,
    bindparam,
    case,
    func,
    literal,
    not_,
    select,
)

from mock_bitrix.queue import filters
from mock_bitrix.queue.queue import Box
from mock_bitrix.queue.selection import Condition
from mock_bitrix.queue.statements import Shape
from mock_bitrix.storage import schema
from mock_bitrix.storage.arrays import packed
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement

_q = schema.queue.c
_alive = _q.written > bindparam("dead", type_=Float(53))
_is_other = _q.connector != bindparam("connector", type_=Text())
_is_reserved = _q.process_id != ""


@dataclass(frozen=True, slots=True)
class Reserved:
    """What one process holds: how many rows, since how many seconds the longest."""

    process_id: str
    count: int
    age: float


@dataclass(slots=True)
class Explanation:
    """Where every row of an application is, seen by one who takes. The parts add up to `total`."""

    total: int = 0
    free: int = 0
    reserved: list[Reserved] = field(default_factory=list)
    error: int = 0
    other_connector: dict[str, int] = field(default_factory=dict)
    filtered: list[tuple[Condition, int]] = field(default_factory=list)
    delayed: int = 0
    expired: int = 0


def explain(
    database: Database, box: Box, conditions: Sequence[Condition], *, error: bool
) -> Explanation:
    """Account for every row of the box's application. Raises `SelectionError`.

    A row counts once, in the first part that it belongs to: expired, other connector, reserved,
    in the other error state than `error` asks for, filtered by the first condition that it
    doesn't meet, not visible yet, free.
    """
    now, switches = box.portal.clock.now(), box.portal.switches
    terms = _terms(box, conditions, now)
    rows = database.run(
        _parts(tuple(term.shape for term in terms)),
        portal_id=box.portal.id,
        application_id=box.application_id,
        connector=box.connector,
        dead=now - box.portal.retention,
        visible=now - switches.visibility_delay,
        error=int(error),
        **_values(database, terms),
    )
    explanation = Explanation(filtered=[(condition, 0) for condition in conditions])
    for part, detail, count, since in rows:
        _account(explanation, part, detail, int(count), 0.0 if since is None else now - since)
    return explanation


def _terms(box: Box, conditions: Sequence[Condition], now: float) -> list[filters.Term]:
    classic = box.portal.switches.fresh_filter == "classic"
    engine = filters.classic if classic else filters.strict
    moment = filters.Moment(now, box.portal.zone)
    return [engine(condition, moment) for condition in conditions]


def _values(database: Database, terms: Sequence[filters.Term]) -> dict[str, Any]:
    values = ((f"c{number}", term) for number, term in enumerate(terms) if term.kind != "never")
    return {
        name: packed(database, term.value) if isinstance(term.value, list) else term.value
        for name, term in values
    }


def _account(found: Explanation, part: str, detail: str, count: int, age: float) -> None:
    found.total += count
    if part == "other_connector":
        found.other_connector[detail] = count
    elif part == "reserved":
        found.reserved.append(Reserved(detail, count, age))
    elif part.isdecimal():
        number = int(part)
        found.filtered[number] = (found.filtered[number][0], count)
    else:
        setattr(found, part, count)


@lru_cache(maxsize=256)
def _parts(shape: Shape) -> Statement:
    def build(dialect: str) -> Any:
        part, detail = _part(shape, dialect), _detail()
        return (
            select(
                part.label("part"), detail.label("detail"), func.count(), func.min(_q.reserved_at)
            )
            .where(
                _q.portal_id == bindparam("portal_id", type_=Integer()),
                _q.application_id == bindparam("application_id", type_=Integer()),
            )
            .group_by("part", "detail")
        )

    return Statement(build)


def _part(shape: Shape, dialect: str) -> ColumnElement[str]:
    unmet = [
        (not_(filters.sql(filters.Term(name, kind), f"c{number}", dialect)), literal(str(number)))
        for number, (name, kind) in enumerate(shape)
    ]
    return case(
        (not_(_alive), literal("expired")),
        (_is_other, literal("other_connector")),
        (_is_reserved, literal("reserved")),
        (_q.error != bindparam("error", type_=Integer()), literal("error")),
        *unmet,
        (_q.written > bindparam("visible", type_=Float(53)), literal("delayed")),
        else_=literal("free"),
    )


def _detail() -> ColumnElement[str]:
    """What tells apart rows of one part: connectors, processes."""
    return case(
        (not_(_alive), literal("")),
        (_is_other, _q.connector),
        (_is_reserved, _q.process_id),
        else_=literal(""),
    )
