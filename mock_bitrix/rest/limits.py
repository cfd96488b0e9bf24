"""How much a caller may ask of a portal: requests (protocol H.1) and operating time (H.2).

Both are counted in the database by the portal's clock, so that all processes agree.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Float,
    Integer,
    String,
    Text,
    bindparam,
    case,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.sql.elements import ColumnElement

from mock_bitrix.php.json import micro
from mock_bitrix.portal.model import Portal
from mock_bitrix.rest import errors
from mock_bitrix.rest.call import Caller
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement, insert_into

PLANS = {"standard": (50.0, 2.0), "enterprise": (250.0, 5.0)}
"""Requests at once, and a second (protocol H.1)."""

BUCKET = 60
BUCKETS = 10
WINDOW = BUCKET * BUCKETS
"""Seconds over which operating time is summed up (protocol H.2)."""

LEAST = 0.1
"""Seconds: what takes no longer isn't recorded (protocol H.2)."""

UNCOUNTED = ("batch",)
"""Methods whose own time counts for nobody: a batch's calls count, each for itself."""

SLACK = 1e-4
"""Of a request: sums of times aren't exact to the last bit."""

_l, _o = schema.request_levels.c, schema.operating.c


def _float(name: str) -> ColumnElement[float]:
    return bindparam(name, type_=Float(53))


def _pour(dialect: str) -> object:
    """One more request in the bucket, unless it would run over; the row it gives says it fits."""
    row = insert_into(dialect, schema.request_levels).values(
        portal_id=bindparam("portal_id", type_=Integer()),
        source=bindparam("source", type_=String()),
        level=1.0,
        at=_float("now"),
    )
    left = _l.level - (_float("now") - _l.at) * _float("rate")
    # A clock that was set back lets nothing out, and nothing in.
    left = case((_float("now") <= _l.at, _l.level), (left < 0, 0.0), else_=left)
    return row.on_conflict_do_update(
        index_elements=["portal_id", "source"],
        set_={"level": left + 1, "at": row.excluded.at},
        where=left + 1 <= _float("capacity"),
    ).returning(_l.level)


pour = Statement(_pour)  # type: ignore[arg-type]  # a ClauseElement, which mypy can't see

# Else a full bucket stayed full until a clock that was set back is there again.
_set_back = Statement(
    update(schema.request_levels)
    .where(
        _l.portal_id == bindparam("portal_id", type_=Integer()),
        _l.source == bindparam("whose", type_=String()),
        _l.at > _float("now"),
    )
    .values(at=_float("now"))
)


def count_request(database: Database, portal: Portal, source: str) -> None:
    """Count one request of a source address. Raises `TooManyRequests`, which isn't counted."""
    plan = PLANS.get(portal.switches.request_limit)
    if plan is None:
        return
    now, whose = portal.clock.now(), source[:64]
    fits = database.run(
        pour,
        portal_id=portal.id,
        source=whose,
        now=now,
        capacity=(portal.switches.request_capacity or plan[0]) + SLACK,
        rate=portal.switches.request_rate or plan[1],
    )
    if not fits:
        database.run(_set_back, portal_id=portal.id, whose=whose, now=now)
        raise errors.TooManyRequests


@dataclass(frozen=True, slots=True)
class Usage:
    """What a method has cost its caller in the window, and when the oldest part expires."""

    seconds: float
    reset_at: int

    def shown(self) -> str:
        """The last members of `time`, as JSON (protocol C.2)."""
        return f'"operating_reset_at":{self.reset_at},"operating":{micro(self.seconds)}'


_mine = (
    _o.portal_id == bindparam("portal_id", type_=Integer()),
    _o.key == bindparam("key", type_=Text()),
)
_usage = Statement(
    select(func.sum(_o.spent), func.min(_o.first)).where(
        *_mine, _o.bucket > bindparam("expired", type_=BigInteger())
    )
)
_forget = Statement(
    delete(schema.operating).where(*_mine, _o.bucket <= bindparam("expired", type_=BigInteger()))
)
_record = Statement(
    lambda dialect: (row := insert_into(dialect, schema.operating)).on_conflict_do_update(
        index_elements=["portal_id", "key", "bucket"],
        set_={"spent": _o.spent + row.excluded.spent},
    )
)


class Operating:
    """The operating time of one caller in one method. Only for portals that count it."""

    def __init__(self, database: Database, caller: Caller, method: str) -> None:
        self._database = database
        self._portal = caller.portal
        self._method = method
        self._whose = {"portal_id": caller.portal.id, "key": f"{_kind(caller)}:{method}"}
        self._usage = self._read()

    def check(self) -> None:
        """Refuse a method that has used up its time. Raises `OperationTimeLimit`."""
        if self._usage.seconds > self._portal.switches.operating_seconds:
            raise errors.OperationTimeLimit

    def spent(self, worked: float, waited: float) -> Usage:
        """Count a call, in seconds of work and of ordered delay; give what the caller has used.

        A cost that the fixture gives the method stands for its work.
        """
        self.add(self._portal.operating_cost.get(self._method.lower(), worked) + waited)
        return self._usage

    def add(self, seconds: float) -> None:
        """Count time, unless it is too short to count."""
        if seconds > LEAST and self._method not in UNCOUNTED:
            self._record(seconds)
            self._usage = self._read()

    def _record(self, seconds: float) -> None:
        now = self._portal.clock.now()
        with self._database.transaction():
            self._database.run(_forget, expired=_expired(now), **self._whose)
            self._database.run(
                _record, bucket=int(now // BUCKET), first=now, spent=seconds, **self._whose
            )

    def _read(self) -> Usage:
        now = self._portal.clock.now()
        spent, first = self._database.run(_usage, expired=_expired(now), **self._whose)[0]
        return Usage(spent or 0.0, int((now if first is None else first) + WINDOW))


def _expired(now: float) -> int:
    """The newest bucket that no longer counts."""
    return int(now // BUCKET) - BUCKETS


def _kind(caller: Caller) -> str:
    if caller.application:
        return f"oauth:{caller.application.client_id}"
    return f"webhook:{caller.webhook.id}" if caller.webhook else "session"
