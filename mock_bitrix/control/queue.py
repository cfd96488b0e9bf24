"""The queues of a portal: all rows, and rows put as they are."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, JsonValue

from mock_bitrix.control.bodies import Raw, takes, understood_list
from mock_bitrix.control.clashes import clash
from mock_bitrix.control.common import House, application_named, portal_named, reply
from mock_bitrix.control.problems import Wrong
from mock_bitrix.emulator import Emulator
from mock_bitrix.php.dates import iso
from mock_bitrix.portal.document import RowPart
from mock_bitrix.portal.model import Portal
from mock_bitrix.portal.row_values import row_values
from mock_bitrix.portal.row_writing import Values, keep_free, write_rows
from mock_bitrix.queue.overview import Choice, Overview, Seen, State
from mock_bitrix.storage.database import StorageError

router = APIRouter(tags=["queue"])

MOST = 2**63 - 1

Client = Annotated[str | None, Query(description="Rows of this application only")]
Connector = Annotated[str | None, Query(description="Rows under this connector only")]
InState = Annotated[State | None, Query(description="Rows in this state only")]


class Row(BaseModel):
    """A row of a queue."""

    id: int
    client_id: str
    auth_connector: str
    event: str
    data: JsonValue
    additional: JsonValue
    message_id: str
    timestamp: datetime
    process_id: str = Field(description="Who has reserved it; empty: nobody")
    error: bool
    state: State
    age: float = Field(description="Seconds since the row was written or refreshed")
    reserved_for: float | None = Field(description="Seconds since it was reserved; null: it isn't")


class NewRow(RowPart):
    """A row as it is, byte for byte, without side effects."""

    client_id: str | None = Field(
        None, description="Whose queue it goes to; default: of the portal's only application"
    )


class Put(BaseModel):
    """The ids that the rows have."""

    ids: list[int]


class Emptied(BaseModel):
    """How many rows are gone."""

    deleted: int


@router.get("/portals/{portal}/queue", response_model=list[Row])
def show_queue(
    emulator: House,
    portal: str,
    *,
    client_id: Client = None,
    auth_connector: Connector = None,
    state: InState = None,
    limit: Annotated[int, Query(ge=0, le=MOST)] = MOST,
    offset: Annotated[int, Query(ge=0, le=MOST)] = 0,
) -> Response:
    """All rows that are not expired, by id, in whatever state."""
    target = portal_named(emulator, portal)
    choice = _choice(emulator, target, client_id, auth_connector, state)
    rows = Overview(emulator.database, target).rows(choice, limit, offset)
    now = target.clock.now()
    return reply([shown(row, target, now) for row in rows])


@router.post(
    "/portals/{portal}/queue",
    status_code=201,
    response_model=Put,
    openapi_extra=takes(NewRow | list[NewRow]),
)
def put_rows(emulator: House, portal: str, body: Raw) -> Response:
    """Put one row or a list of rows into queues, as they are; all or none."""
    given = understood_list(body, NewRow)
    target = portal_named(emulator, portal)
    single = not body.lstrip().startswith(b"[")
    rows = [
        _values(emulator, target, row, () if single else (number,))
        for number, row in enumerate(given)
    ]
    return reply({"ids": _write(emulator, target, rows, single=single)}, 201)


@router.delete("/portals/{portal}/queue", response_model=Emptied)
def empty_queue(
    emulator: House,
    portal: str,
    *,
    client_id: Client = None,
    auth_connector: Connector = None,
    state: InState = None,
) -> Response:
    """Delete the rows, whatever state they are in."""
    target = portal_named(emulator, portal)
    choice = _choice(emulator, target, client_id, auth_connector, state)
    return reply({"deleted": Overview(emulator.database, target).empty(choice)})


def shown(row: Seen, portal: Portal, now: float) -> dict[str, object]:
    """A row as the control API shows it."""
    reserved_for = None if row.reserved_at is None else round(now - row.reserved_at, 3)
    return {
        "id": row.id,
        "client_id": row.client_id,
        "auth_connector": row.connector,
        "event": row.event,
        "data": orjson.Fragment(row.data),
        "additional": orjson.Fragment(row.additional),
        "message_id": row.message_id,
        "timestamp": iso(row.timestamp, portal.zone),
        "process_id": row.process_id,
        "error": bool(row.error),
        "state": row.state,
        "age": round(now - row.written, 3),
        "reserved_for": reserved_for,
    }


def _choice(
    emulator: Emulator,
    portal: Portal,
    client_id: str | None,
    connector: str | None,
    state: State | None,
) -> Choice:
    if client_id is None:
        return Choice(None, connector, state)
    return Choice(application_named(emulator, portal, client_id).id, connector, state)


def _values(emulator: Emulator, portal: Portal, row: NewRow, path: tuple[int, ...]) -> Values:
    application = application_named(emulator, portal, row.client_id, *path)
    return row_values(row, portal.id, application.id, portal.clock.now())


def _write(emulator: Emulator, portal: Portal, rows: list[Values], *, single: bool) -> list[int]:
    """Write the rows; give their ids. Raises `Wrong` where one is there already."""
    database, given = emulator.database, [dict(row) for row in rows]
    try:
        with database.transaction():
            keep_free(database, portal.id, max((row["id"] or 0 for row in rows), default=0))
            write_rows(database, rows)
    except StorageError as error:
        found = clash(database, given)
        if found is None:
            raise
        raise Wrong(() if single else (found[0],), found[1]) from error
    return [row["id"] for row in rows]
