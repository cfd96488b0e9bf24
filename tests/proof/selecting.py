"""Filters and orders over a plain list: the classic engine of protocol D.6.4, in Python."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.proof.model import Row

START = 1_800_000_000
Order = Sequence[tuple[str, str]]
EVENTS = ("ONCRMLEADADD", "ONCRMLEADUPDATE")
OTHER_EVENT = "ONCRMDEALADD"


@dataclass(frozen=True)
class Filter:
    """A filter as it goes over the wire, and what it means."""

    wire: Mapping[str, Any]
    holds: Callable[[Row], bool]

    def __repr__(self) -> str:
        return f"Filter({dict(self.wire)})"


NO_FILTER = Filter({}, lambda row: True)
VALUES: dict[str, Callable[[Row], Any]] = {
    "ID": lambda row: row.id,
    "TIMESTAMP_X": lambda row: row.timestamp,
    "EVENT_NAME": lambda row: row.event,
    "MESSAGE_ID": lambda row: row.message_id,
}
COMPARED: dict[str, Callable[[int, int], bool]] = {
    "=": lambda a, b: a == b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
}


def chosen(rows: Sequence[Row], wanted: Filter, order: Order) -> list[Row]:
    """The rows that a filter lets through, in order; equal ones by id (protocol question 4)."""
    found = sorted((row for row in rows if wanted.holds(row)), key=VALUES["ID"])
    for name, direction in reversed(order):
        found.sort(key=VALUES[name], reverse=direction.upper() == "DESC")
    return found


@dataclass(frozen=True)
class Selection:
    """What is asked for; `error` as it goes over the wire, and whether it asks for errors."""

    filter: Filter
    order: Order
    limit: int | None
    error: tuple[Any, bool]

    def of(self, rows: Sequence[Row]) -> list[Row]:
        """What a take or a second read gives of these rows (protocol D.5)."""
        ordered = chosen(rows, self.filter, self.order or [("TIMESTAMP_X", "ASC")])
        return ordered[: self.limit or 50]


def iso(seconds: int) -> str:
    """The time as the portal writes it, in its zone, which is UTC here."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def like(pattern: str, text: str) -> bool:
    """SQL's LIKE, whatever the case."""
    parts = {"%": ".*", "_": "."}
    expression = "".join(parts.get(each, re.escape(each)) for each in pattern)
    return re.fullmatch(expression, text, re.IGNORECASE | re.DOTALL) is not None


def by_id(operator: str, number: int, as_text: bool) -> Filter:
    """`>=ID` and the like."""
    compare = COMPARED[operator or "="]
    wire = {f"{operator}ID": str(number) if as_text else number}
    return Filter(wire, lambda row: compare(row.id, number))


def among_ids(operator: str, numbers: list[int]) -> Filter:
    """`@ID`, `=ID` or `ID` with a list."""
    return Filter({f"{operator}ID": numbers}, lambda row: row.id in numbers)


def by_time(operator: str, seconds: int) -> Filter:
    """`>=TIMESTAMP_X` and the like."""
    compare = COMPARED[operator]
    wire = {f"{operator}TIMESTAMP_X": iso(seconds)}
    return Filter(wire, lambda row: compare(row.timestamp, seconds))


def exactly_event(operator: str, name: str) -> Filter:
    """`=EVENT_NAME` ignores case (protocol Q 16)."""
    return Filter({f"{operator}EVENT_NAME": name}, lambda row: row.event == name.upper())


def event_like(pattern: str) -> Filter:
    """A bare field: a pattern."""
    return Filter({"EVENT_NAME": pattern}, lambda row: like(pattern, row.event))


def containing(field: str, part: str) -> Filter:
    """`%FIELD`: contains, whatever the case; nothing in it is a wildcard."""
    value = VALUES[field]
    wire = {f"%{field}": part}
    return Filter(wire, lambda row: part.lower() in str(value(row)).lower())


def both(one: Filter, other: Filter) -> Filter:
    """Two filters at once; of the same key, the later one."""
    if set(one.wire) & set(other.wire):
        return other
    return Filter({**one.wire, **other.wire}, lambda row: one.holds(row) and other.holds(row))


_ids = st.integers(1, 14)
_lists = st.lists(_ids, min_size=1, max_size=4)
_times = st.integers(START, START + 90)
_single = st.one_of(
    st.builds(by_id, st.sampled_from(["", *COMPARED]), _ids, st.booleans()),
    st.builds(among_ids, st.sampled_from(["", "=", "@"]), _lists),
    st.builds(by_time, st.sampled_from([*COMPARED]), _times),
    st.builds(exactly_event, st.just("="), st.sampled_from([*EVENTS, "oncrmleadadd", "ONCRM%"])),
    st.builds(event_like, st.sampled_from(["oncrm%", "ONCRMLEAD%D", "ONCRMLEAD___", "%E", "x"])),
    st.builds(containing, st.just("EVENT_NAME"), st.sampled_from(["leadA", "ATE", "_", "%"])),
    st.builds(containing, st.just("MESSAGE_ID"), st.sampled_from("0af")),
)
_none = st.just(NO_FILTER)
_filters = st.one_of(_none, _none, _single, st.builds(both, _single, _single))
_keys = st.tuples(st.sampled_from(list(VALUES)), st.sampled_from(["ASC", "DESC", "asc", "desc"]))
_orders: st.SearchStrategy[Order] = st.one_of(
    st.just([]), st.lists(_keys, min_size=1, max_size=2, unique_by=lambda key: key[0])
)
_limits = st.one_of(st.none(), st.integers(1, 3))
_error = st.sampled_from(
    [(1, True), ("1", True), (True, True), (0, False), (2, False), ("Y", False)]
)
_errors = st.one_of(st.just((None, False)), _error)
selections = st.builds(Selection, _filters, _orders, _limits, _errors)
