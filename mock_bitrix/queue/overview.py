"""The queues of a portal from above: every row, in whatever state."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal,
    select,
    true,
)

from mock_bitrix.portal.model import Portal
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement

State = Literal["free", "reserved", "error"]
"""What a row is: to be had, somebody's, or free but marked as failed."""

_q, _a = schema.queue.c, schema.applications.c
_alive = _q.written > bindparam("dead", type_=Float(53))
STATES: dict[str, ColumnElement[bool]] = {
    "free": and_(_q.process_id == "", _q.error == 0),
    "reserved": _q.process_id != "",
    "error": and_(_q.process_id == "", _q.error == 1),
}
"""Which rows are in each state; for statements over the table of rows, here and elsewhere."""


def state_of(process_id: str, error: int) -> State:
    """What a row with these is."""
    if process_id:
        return "reserved"
    return "error" if error else "free"


@dataclass(frozen=True, slots=True)
class Seen:
    """A row, and whose it is. Times in seconds since 1970; data as JSON text."""

    id: int
    client_id: str
    connector: str
    event: str
    data: str
    additional: str
    message_id: str
    timestamp: int
    written: float
    process_id: str
    reserved_at: float | None
    error: int

    @property
    def state(self) -> State:
        """What it is."""
        return state_of(self.process_id, self.error)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows: of one application (its number), under one connector, in one state."""

    application_id: int | None = None
    connector: str | None = None
    state: State | None = None

    @property
    def shape(self) -> tuple[bool, bool, State | None]:
        """What choices with the same statement have in common."""
        return self.application_id is not None, self.connector is not None, self.state

    def values(self) -> dict[str, object]:
        """The statement's parameters."""
        given = {"application_id": self.application_id, "connector": self.connector}
        return {name: value for name, value in given.items() if value is not None}


def _chosen(shape: tuple[bool, bool, State | None]) -> list[ColumnElement[bool]]:
    application, connector, state = shape
    conditions = [_q.portal_id == bindparam("portal_id", type_=Integer())]
    if application:
        conditions.append(_q.application_id == bindparam("application_id", type_=Integer()))
    if connector:
        conditions.append(_q.connector == bindparam("connector", type_=Text()))
    return [*conditions, STATES[state] if state else true()]


def seen() -> Select[Any]:
    """Every row of a portal that is not expired, as `Seen`. Parameters: `portal_id`, `dead`."""
    return (
        select(
            _q.id,
            _a.client_id,
            _q.connector,
            _q.event,
            _q.data,
            _q.additional,
            _q.message_id,
            _q.timestamp,
            _q.written,
            _q.process_id,
            _q.reserved_at,
            _q.error,
        )
        .join(schema.applications, _a.id == _q.application_id)
        .where(_q.portal_id == bindparam("portal_id", type_=Integer()), _alive)
    )


@lru_cache
def _listing(shape: tuple[bool, bool, State | None]) -> Statement:
    return Statement(
        seen()
        .where(*_chosen(shape))
        .order_by(_q.id)
        .limit(bindparam("limit", type_=BigInteger()))
        .offset(bindparam("offset", type_=BigInteger()))
    )


@lru_cache
def _counting(shape: tuple[bool, bool, State | None]) -> Statement:
    state = case(*((condition, literal(name)) for name, condition in STATES.items()))
    return Statement(
        select(state.label("state"), func.count())
        .where(*_chosen(shape), _alive)
        .group_by(state.label("state"))
    )


@lru_cache
def _emptying(shape: tuple[bool, bool, State | None]) -> Statement:
    return Statement(delete(schema.queue).where(*_chosen(shape)))


_any = Statement(
    select(_q.seq).where(_q.portal_id == bindparam("portal_id", type_=Integer()), _alive).limit(1)
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Free rows of one application that have something in common. `oldest`: when written."""

    connector: str
    error: bool
    count: int
    oldest: float


_waiting = Statement(
    select(_q.connector, _q.error, func.count(), func.min(_q.written))
    .where(
        _q.portal_id == bindparam("portal_id", type_=Integer()),
        _q.application_id == bindparam("application_id", type_=Integer()),
        _q.process_id == "",
        _alive,
    )
    .group_by(_q.connector, _q.error)
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What the queue of one application under one connector holds."""

    application_id: int
    connector: str
    free: int = 0
    reserved: int = 0
    error: int = 0

    @property
    def total(self) -> int:
        """All its rows."""
        return self.free + self.reserved + self.error


# The columns of an index, in its order: counting reads the index alone, whatever the rows hold.
_kinds = (_q.application_id, _q.connector, _q.process_id, _q.error)


def _counting_kinds(*conditions: ColumnElement[bool]) -> Statement:
    return Statement(select(*_kinds, func.count()).where(*conditions).group_by(*_kinds))


_kinds_kept = _counting_kinds(
    _q.application_id.in_(
        select(_a.id).where(_a.portal_id == bindparam("portal_id", type_=Integer()))
    )
)
_kinds_dead = _counting_kinds(
    _q.portal_id == bindparam("portal_id", type_=Integer()),
    _q.written <= bindparam("dead", type_=Float(53)),
)


class Overview:
    """All queues of a portal. Looks at the portal's clock once."""

    def __init__(self, database: Database, portal: Portal) -> None:
        self._database = database
        self._portal = portal
        self._now = portal.clock.now()
        self._whose = {"portal_id": portal.id}
        self._of = {**self._whose, "dead": self._now - portal.retention}

    def rows(self, choice: Choice, limit: int, offset: int = 0) -> list[Seen]:
        """Rows by id, expired ones left out."""
        rows = self._database.run(
            _listing(choice.shape), limit=limit, offset=offset, **self._of, **choice.values()
        )
        return [Seen(*row) for row in rows]

    def counts(self, choice: Choice) -> dict[str, int]:
        """How many rows there are in each state that has any."""
        rows = self._database.run(_counting(choice.shape), **self._of, **choice.values())
        return {str(state): int(number) for state, number in rows}

    def contents(self) -> list[Contents]:
        """What each queue of the portal holds, but for those that hold nothing."""
        kinds = Counter({row[:4]: row[4] for row in self._database.run(_kinds_kept, **self._whose)})
        kinds.subtract({row[:4]: row[4] for row in self._database.run(_kinds_dead, **self._of)})
        held: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
        for (application_id, connector, process_id, error), count in kinds.items():
            held[application_id, connector][state_of(process_id, error)] += max(count, 0)
        found = [
            Contents(*box, states["free"], states["reserved"], states["error"])
            for box, states in sorted(held.items())
        ]
        return [each for each in found if each.total]

    def waiting(self, application_id: int) -> list[Waiting]:
        """An application's free rows, by connector and error."""
        rows = self._database.run(_waiting, application_id=application_id, **self._of)
        return [Waiting(row[0], bool(row[1]), int(row[2]), float(row[3])) for row in rows]

    def is_empty(self) -> bool:
        """Whether no row is left, in whatever state."""
        return not self._database.run(_any, **self._of)

    def empty(self, choice: Choice) -> int:
        """Delete rows; give their number."""
        values = {"portal_id": self._portal.id, **choice.values()}
        return self._database.change(_emptying(choice.shape), **values)
