"""A queue row of a fixture, as the database has it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson

from mock_bitrix.php.json import plain
from mock_bitrix.php.values import as_array
from mock_bitrix.portal.document import RowPart, RowState
from mock_bitrix.queue.message_id import digest, message_id_of_stored

_DIGITS = b"0123456789"
_LONG = 19
# What PHP writes otherwise than orjson: empty maps, maps that are lists, fractions.
_PHP_DIFFERS = re.compile(rb'\{\}|"":|\.|[:,\[-]e')
_ESCAPED = re.compile(rb"[\x80-\xff/<>&'\\]")


def row_values(row: RowPart, portal_id: int, application_id: int, now: float) -> dict[str, Any]:
    """The columns of a row, but for its number and its id where none is given."""
    process_id, state = row.process_id, row.state
    data, computed = _data_and_message_id(row.event, row.data)
    return {
        "portal_id": portal_id,
        "application_id": application_id,
        "connector": row.auth_connector,
        "id": row.id,
        "event": row.event,
        "data": data,
        "additional": _stored_additional(row.additional),
        "message_id": row.message_id or computed,
        "timestamp": _seconds(row.timestamp, now),
        "written": now if state is None else state.written,
        "process_id": process_id,
        "reserved_at": _reserved_at(state, now) if process_id else None,
        "error": int(row.error),
    }


def alike(other: dict[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a row that differs from `other` in nothing but id, message id, data and time.

    `other` was written just now, too.
    """
    values = other.copy()
    data, computed = _data_and_message_id(values["event"], row["data"])
    values["id"] = row["id"]
    values["data"] = data
    values["additional"] = _stored_additional(row["additional"])
    values["message_id"] = row["message_id"] or computed
    values["timestamp"] = _seconds(row["timestamp"], values["written"])
    return values


def _data_and_message_id(event: str, data: Any) -> tuple[str, str]:
    """The stored JSON of a row's data, and the identity of the change."""
    try:
        text = orjson.dumps(data)
    except TypeError:  # numbers beyond 64 bits, 255 levels
        return _thorough(event, data)
    shape = text.translate(None, _DIGITS)
    if len(text) - len(shape) >= _LONG or not _is_simple(shape):
        return _thorough(event, data)
    return text.decode(), digest(event, text)


def _thorough(event: str, data: Any) -> tuple[str, str]:
    text = plain(as_array(data))
    return text, message_id_of_stored(event, text.encode())


@lru_cache(maxsize=1024)
def _is_simple(shape: bytes) -> bool:
    """Whether JSON, seen without its digits, is stored and hashed as orjson writes it.

    Most rows are alike but for their numbers, so one look serves many.
    """
    return not (_PHP_DIFFERS.search(shape) or _ESCAPED.search(shape))


def _stored_additional(additional: Any) -> str:
    try:
        return _stored(orjson.dumps(additional))
    except TypeError:
        return plain(as_array(additional))


@lru_cache(maxsize=1024)
def _stored(text: bytes) -> str:
    return plain(as_array(orjson.loads(text)))


def _reserved_at(state: RowState | None, now: float) -> float | None:
    return now if state is None else state.reserved_at


def _seconds(given: datetime | int | None, now: float) -> int:
    if isinstance(given, datetime):
        return int(given.timestamp())
    return int(now) if given is None else given
