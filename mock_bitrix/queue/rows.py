"""What the queue holds and gives."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened: what a row is made from. `data` and `additional` are JSON text."""

    event: str
    data: str
    additional: str
    message_id: str


class QueueRow(NamedTuple):
    """A row that a take gives. `timestamp` in seconds since 1970."""

    seq: int
    id: int
    timestamp: int
    event: str
    data: str
    additional: str
    message_id: str


class ListedRow(NamedTuple):
    """A row in whatever state. `process_id`: who holds it; empty: nobody."""

    row: QueueRow
    process_id: str
    error: int


as_row = partial(tuple.__new__, QueueRow)
"""A tuple as the database gave it, as a row: cheaper than `QueueRow._make`, which counts."""


class Batch(NamedTuple):
    """The answer to a take: rows in the order asked for, and the process id to show, if any.

    `left`: how many rows like these are still free, where that is known without counting.
    """

    process_id: str | None
    rows: list[QueueRow]
    left: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of many."""

    rows: list[ListedRow]
    total: int


@dataclass(frozen=True, slots=True)
class Written:
    """Where a change ended up: a new row, or an older one that it refreshed."""

    id: int
    refreshed: bool


@dataclass(frozen=True, slots=True)
class Marked:
    """What marking errors did: rows marked, and twins deleted on the way.

    `lost`: those of the deleted whose message no marked row has.
    """

    marked: int
    deleted: int
    lost: int
