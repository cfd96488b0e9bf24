"""A queue row of a fixture, as the database has it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mock_bitrix.php.json import plain
from mock_bitrix.php.values import as_array
from mock_bitrix.portal.document import RowPart
from mock_bitrix.queue.message_id import message_id


def row_values(part: RowPart, portal_id: int, application_id: int, now: float) -> dict[str, Any]:
    """The columns of a row, but for its number and its id where none is given."""
    data = as_array(part.data)
    return {
        "portal_id": portal_id,
        "application_id": application_id,
        "connector": part.auth_connector,
        "id": part.id,
        "event": part.event,
        "data": plain(data),
        "additional": plain(as_array(part.additional)),
        "message_id": part.message_id or message_id(part.event, data),
        "timestamp": _seconds(part.timestamp, now),
        "written": now,
        "process_id": part.process_id,
        "reserved_at": now if part.process_id else None,
        "error": int(part.error),
    }


def _seconds(given: datetime | None, now: float) -> int:
    return int(now if given is None else given.timestamp())
