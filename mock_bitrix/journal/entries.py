"""What the journal remembers of a call and of a delivery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from mock_bitrix.events.deliver import Delivery
    from mock_bitrix.rest.call import Caller
    from mock_bitrix.rest.registry import Method


TAKEN = ("id", "event", "message_id")
"""What is remembered of a row that a take gave."""

LARGE = 1024
"""Bytes from which on a copy of an answer costs less than the memory that it saves."""


def exactly(made: bytes) -> bytes:
    """Bytes in as much memory as they need: orjson makes them in up to twice as much."""
    return bytes(memoryview(made)) if len(made) > LARGE else made


@dataclass(slots=True, eq=False)
class Entry:
    """One call, filled while it runs: raw, so that remembering it costs next to nothing.

    `method` as it was called, or its proper name where there is one (`known`). `answer` is the
    body as it went out; `process_id`, `taken` (how many rows) and `rows` (lists of what `TAKEN`
    says, as JSON: it takes the least memory) are what a take gave, also where that was lost.
    `status` None: no answer. `sent` False: the caller didn't get it, or not whole. `pause`:
    seconds of ordered delay that the call still has to wait. `outer`: the batch whose command it
    is, under `key`; its answer is part of the batch's.
    """

    id: int
    portal_id: int = 0
    at: float = 0.0
    verb: str = "POST"
    method: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)
    size: int = 0
    caller: Caller | None = field(default=None, repr=False)
    known: bool = False
    generic: bool = False
    status: int | None = None
    answer: bytes = field(default=b"", repr=False)
    fault: str | None = None
    sent: bool = True
    taken: int | None = None
    rows: bytes = field(default=b"[]", repr=False)
    process_id: str | None = None
    left: int | None = None
    duration: float = 0.0
    pause: float = 0.0
    outer: Entry | None = field(default=None, repr=False)
    key: str = ""
    notes: tuple[str, ...] = ()

    def name(self, given: str, called: Method | None) -> None:
        """Which method was called, and whether there is one of that name."""
        self.method, self.known = called.name if called else given, called is not None
        self.generic = called is not None and called.kind == "generic"

    def gave(self, rows: Sequence[tuple[int, str, str]]) -> None:
        """Remember what a take gave: of each row what `TAKEN` says."""
        self.taken = len(rows)
        if rows:
            self.rows = exactly(orjson.dumps(rows))

    @property
    def arrived(self) -> bool:
        """Whether the caller got the answer, whole."""
        return self.sent and (self.outer is None or self.outer.sent)


@dataclass(frozen=True, slots=True, eq=False)
class Delivered:
    """A letter to a handler, and what the handler made of it."""

    id: int
    portal_id: int
    at: float
    delivery: Delivery
