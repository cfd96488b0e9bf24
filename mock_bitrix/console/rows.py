"""The rows of a portal's queues that the console shows: chosen, found and paged in SQL."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Text, bindparam, or_

from mock_bitrix.console.asked import LARGEST, Asked
from mock_bitrix.portal.model import Portal
from mock_bitrix.queue import overview
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
    "process": _q.process_id == _text("process"),
    "search": or_(_q.message_id == _text("exact"), _q.data.like(_text("search"), escape="\\")),
}


def rows(database: Database, portal: Portal, asked: Asked) -> list[Seen]:
    """A page of rows, and one more where another page follows; expired ones left out."""
    names = tuple(name for name in _CONDITIONS if getattr(asked, name))
    state = asked.state if asked.state in overview.STATES else ""
    found = database.run(
        _listing(names, state, asked.oldest_first),
        portal_id=portal.id,
        dead=portal.clock.now() - portal.retention,
        cursor=asked.cursor or (0 if asked.oldest_first else LARGEST),
        limit=PAGE + 1,
        **_values(asked, names),
    )
    return [Seen(*row) for row in found]


def _values(asked: Asked, names: tuple[str, ...]) -> dict[str, Any]:
    given = {name: getattr(asked, name) for name in names}
    if "connector" in given:
        given["connector"] = asked.connector.removeprefix("=")
    if "search" in given:
        given |= {"exact": asked.search, "search": f"%{_literally(asked.search)}%"}
    return given


def _literally(text: str) -> str:
    for each in "\\%_":
        text = text.replace(each, "\\" + each)
    return text


@lru_cache
def _listing(names: tuple[str, ...], state: str, oldest_first: bool) -> Statement:
    chosen = [_CONDITIONS[name] for name in names]
    if state:
        chosen.append(overview.STATES[state])
    cursor = bindparam("cursor", type_=BigInteger())
    return Statement(
        overview.seen()
        .where(*chosen, _q.id > cursor if oldest_first else _q.id < cursor)
        .order_by(_q.id.asc() if oldest_first else _q.id.desc())
        .limit(bindparam("limit", type_=BigInteger()))
    )
