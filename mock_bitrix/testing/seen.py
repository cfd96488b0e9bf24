"""Rows and calls as the control API shows them, with names and types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

Json = Any


class _Shown:
    """Read from an object of JSON; keys that have no field here are left out."""

    @classmethod
    def read(cls, shown: Mapping[str, Json]) -> Self:
        """The object of JSON with that shape."""
        return cls(**{each.name: shown[each.name] for each in fields(cls)})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Row(_Shown):
    """A row of a queue. `state`: free, reserved or error; `age`, `reserved_for` in seconds."""

    id: int
    client_id: str
    auth_connector: str
    event: str
    data: Json
    additional: Json
    message_id: str
    timestamp: str
    process_id: str
    error: bool
    state: str
    age: float
    reserved_for: float | None


@dataclass(frozen=True, slots=True)
class TakenRow(_Shown):
    """A row that a take gave."""

    id: int
    event: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Call(_Shown):
    """A REST call. `caller` None: refused before that was known; `sent`: the answer got there.

    `rows` and `process_id`: what a take gave, also where its answer was lost.
    """

    id: int
    at: str
    method: str
    caller: dict[str, Json] | None
    params: dict[str, Json]
    status: int | None
    answer: Json
    taken: int | None
    left: int | None
    process_id: str | None
    rows: tuple[TakenRow, ...]
    hints: tuple[str, ...]
    fault: str | None
    sent: bool
    batch: int | None
    duration: float

    @classmethod
    def read(cls, shown: Mapping[str, Json]) -> Self:
        """The call that the journal shows so."""
        rows, hints = tuple(map(TakenRow.read, shown["rows"])), tuple(shown["hints"])
        # Not by super(): a class with slots is not the one that its methods know.
        return _Shown.read.__func__(cls, {**shown, "rows": rows, "hints": hints})  # type: ignore[attr-defined,no-any-return]

    @property
    def arrived(self) -> bool:
        """Whether the caller got what the method gave: no refusal, and whole."""
        return self.sent and self.status == 200

    @property
    def connector(self) -> str:
        """The auth_connector under which it was called."""
        return str(self.caller["auth_connector"]) if self.caller else ""
