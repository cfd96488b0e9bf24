"""Rows and calls as the control API shows them, with names and types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

Json = Any


@dataclass(frozen=True, slots=True)
class Row:
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

    @classmethod
    def read(cls, shown: Mapping[str, Json]) -> Self:
        """The row that the control API shows so."""
        return cls(**_fields(cls, shown))


@dataclass(frozen=True, slots=True)
class TakenRow:
    """A row that a take gave."""

    id: int
    event: str
    message_id: str

    @classmethod
    def read(cls, shown: Mapping[str, Json]) -> Self:
        """The row that the control API shows so."""
        return cls(**_fields(cls, shown))


@dataclass(frozen=True, slots=True)
class Call:
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
        """The call that the control API shows so."""
        values = _fields(cls, shown)
        values["rows"] = tuple(map(TakenRow.read, values["rows"]))
        values["hints"] = tuple(values["hints"])
        return cls(**values)

    @property
    def arrived(self) -> bool:
        """Whether the caller got what the method gave: no refusal, and whole."""
        return self.sent and self.status == 200

    @property
    def connector(self) -> str:
        """The auth_connector under which it was called."""
        return str(self.caller["auth_connector"]) if self.caller else ""


def _fields(kind: type[Any], shown: Mapping[str, Json]) -> dict[str, Json]:
    """What is shown, but for keys that the class has no field for."""
    return {each.name: shown[each.name] for each in fields(kind)}
