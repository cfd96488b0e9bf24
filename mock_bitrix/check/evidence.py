"""What is known of a history when it is over: all that is needed to judge it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mock_bitrix.testing.seen import Call, Row

Moment = int
"""A time, as the ids of the journal's calls count it: microseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Happened:
    """A row that the history's changes made; `moments`: when the change happened, each time."""

    id: int
    event: str
    data: Any
    moments: tuple[Moment, ...]
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """A worker process that ended without being asked to: its status, and the last it said."""

    status: int
    last_line: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The rows that happened, every call, the queue at the end; when workers were killed."""

    connector: str
    happened: tuple[Happened, ...]
    calls: tuple[Call, ...]
    queue: tuple[Row, ...]
    crashes: tuple[Moment, ...] = ()
    ended: tuple[Ended, ...] = ()
