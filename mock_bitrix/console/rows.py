"""The rows of a portal's queues that the console shows: chosen, found and paged in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import BigInteger, ColumnElement, Float, Integer, Text, and_, bindparam, or_, select

from mock_bitrix.portal.model import Portal
from mock_bitrix.queue.overview import Seen
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement

_q, _a = schema.queue.c, schema.applications.c

PAGE = 50
"""Rows on a page."""


def _text(name: str) -> ColumnElement[str]:
    return bindparam(name, type_=Text())


_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "connector": _q.connector == _text("connector"),
    "client_id": _a.client_id == _text("client_id"),
    "event": _q.event == _text("event"),
    "search": or_(_q.message_id == _text("exact"), _q.data.like(_text("search"), escape="\\")),
}
_STATES: dict[str, ColumnElement[bool]] = {
    "free": and_(_q.process_id == "", _q.error == 0),
    "reserved": _q.process_id != "",
    "error": and_(_q.process_id == "", _q.error == 1),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows; an empty text asks nothing. `after`: only ids above it, by which pages go."""

    state: str = ""
    client_id: str = ""
    connector: str = ""
    event: str = ""
    search: str = ""
    after: int = 0

    def conditions(self) -> tuple[str, ...]:
        """Names of the conditions that ask something."""
        return tuple(name for name in _CONDITIONS if getattr(self, name))

    def values(self) -> dict[str, object]:
        """The statement's parameters."""
        given: dict[str, object] = {name: getattr(self, name) for name in self.conditions()}
        if self.search:
            given |= {"exact": self.search, "search": f"%{_literally(self.search)}%"}
        return given


def rows(database: Database, portal: Portal, wanted: Wanted) -> list[Seen]:
    """A page of rows by id, and one more where another page follows; expired ones left out."""
    state = wanted.state if wanted.state in _STATES else ""
    found = database.run(
        _listing(wanted.conditions(), state),
        portal_id=portal.id,
        dead=portal.clock.now() - portal.retention,
        after=wanted.after,
        limit=PAGE + 1,
        **wanted.values(),
    )
    return [Seen(*row) for row in found]


def _literally(text: str) -> str:
    for each in "\\%_":
        text = text.replace(each, "\\" + each)
    return text


@lru_cache
def _listing(names: tuple[str, ...], state: str) -> Statement:
    chosen = [_CONDITIONS[name] for name in names]
    if state:
        chosen.append(_STATES[state])
    columns = (
        _q.id, _a.client_id, _q.connector, _q.event, _q.data, _q.additional, _q.message_id,
        _q.timestamp, _q.written, _q.process_id, _q.reserved_at, _q.error,
    )  # fmt: skip
    return Statement(
        select(*columns)
        .join(schema.applications, _a.id == _q.application_id)
        .where(
            _q.portal_id == bindparam("portal_id", type_=Integer()),
            _q.written > bindparam("dead", type_=Float(53)),
            _q.id > bindparam("after", type_=BigInteger()),
            *chosen,
        )
        .order_by(_q.id)
        .limit(bindparam("limit", type_=BigInteger()))
    )
