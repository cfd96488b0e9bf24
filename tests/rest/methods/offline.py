"""Words for the tests of event.offline.*: rows in a given state, and what is left of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import bindparam, update

from mock_bitrix.storage import schema
from mock_bitrix.storage.statement import Statement
from tests.support import Answer, TestPortal, install_portal, lead_added

GET, LIST = "event.offline.get", "event.offline.list"
CLEAR, ERROR = "event.offline.clear", "event.offline.error"
P1, P2 = "1" * 32, "2" * 32

Refusal = tuple[int, str, str, str | None]

_p = schema.portals.c
_move = Statement(
    update(schema.portals)
    .where(_p.id == bindparam("portal_id"))
    .values(clock_offset=_p.clock_offset + bindparam("seconds", type_=_p.clock_offset.type))
)
_set_features = Statement(
    update(schema.portals)
    .where(_p.id == bindparam("portal_id"))
    .values(features=bindparam("wanted"))
)


def leads(numbers: Iterable[int], **more: Any) -> list[dict[str, Any]]:
    """Rows with these ids and message ids of 32 characters, a second after each other."""
    return [
        lead_added(
            number,
            id=number,
            message_id=message(number),
            timestamp=f"2026-01-02T10:{number // 60:02}:{number % 60:02}+00:00",
            **more,
        )
        for number in numbers
    ]


def message(number: int) -> str:
    """The message id of a row made by `leads`."""
    return f"{number:032x}"


def filled(portal: TestPortal, rows: Iterable[dict[str, Any]]) -> TestPortal:
    """The portal with these rows in its queue."""
    portal.rows(rows)
    return portal


def ids(answer: Answer) -> list[int]:
    """The ids of the records in an answer of get or list, in order."""
    shown = answer.result
    return [int(row["ID"]) for row in (shown["events"] if isinstance(shown, dict) else shown)]


def left(portal: TestPortal, **parameters: Any) -> list[tuple[int, str, str]]:
    """What is in the queue: id, process id, error."""
    return [(int(row["ID"]), row["PROCESS_ID"], row["ERROR"]) for row in portal.queue(**parameters)]


def left_ids(portal: TestPortal, **parameters: Any) -> list[int]:
    """The ids of what is in the queue."""
    return [number for number, _, _ in left(portal, **parameters)]


def refusal(answer: Answer) -> Refusal:
    """Status, code, text and argument of a refused call; there is nothing else in it."""
    status, code, text = answer.error
    assert set(answer.body) <= {"error", "error_description", "argument"}, answer.body
    return status, code, text, answer.body.get("argument")


def wrong(text: str, argument: str | None = None) -> Refusal:
    """A wrong argument, as `refusal` shows it."""
    return 400, "ERROR_ARGUMENT", text, argument


def portal_like(portal: TestPortal, /, **document: Any) -> TestPortal:
    """Another portal on the same server, with parts of its document given."""
    return install_portal(portal.server, portal.http, document)


def without_extended_offline_events(portal: TestPortal) -> TestPortal:
    """The portal on a plan that doesn't let rows be kept."""
    features = orjson.dumps({"rest_offline_extended": False}).decode()
    _write(portal, _set_features, wanted=features)
    return portal


def move_clock(portal: TestPortal, seconds: float) -> None:
    """Make it later in the portal, for every process on its database."""
    _write(portal, _move, seconds=seconds)


def _write(portal: TestPortal, statement: Statement, **values: Any) -> None:
    database = portal.server.emulator.database
    with database.transaction():
        database.run(statement, portal_id=portal.id, **values)
        database.raise_revision()
