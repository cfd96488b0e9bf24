"""Which method causes which event, with what data: as the documentation says, method by method."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from mock_bitrix.entities.names import upper
from mock_bitrix.php.values import is_array, to_int, to_text

_FACTS = Path(__file__).with_name("events.json")
_HOLE = re.compile(r"\{(\w+)(:int)?\}")

Condition = Literal["values", "settings", "dynamic", "smart process", "funnel"]
"""Circumstances under which a method causes an event, where it doesn't always."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A method causes an event; `data` is what it carries, with `{NAME}` for the entity's own."""

    method: str
    event: str
    data: Any
    when: Condition | None = None


def causes(method: str) -> tuple[Cause, ...]:
    """The events of a method, its name in any case; none for one that the documentation leaves."""
    return _table().get(method.lower(), ())


def every() -> Iterator[Cause]:
    """All rows of the table."""
    for rows in _table().values():
        yield from rows


def happenings(
    method: str, values: Mapping[str, Any], conditions: frozenset[Condition], *, numbers: bool
) -> Iterator[tuple[str, Any]]:
    """Events and their data when a method has changed the entity with these values.

    `numbers`: FIELDS.ID is a number even where the documentation shows a text (protocol D.9).
    """
    for cause in causes(method):
        if cause.when is None or cause.when in conditions:
            data = _filled(cause.data, values)
            yield to_text(_filled(cause.event, values)), _numbered(data) if numbers else data


def _numbered(data: Any) -> Any:
    fields = data.get("FIELDS")
    if not isinstance(fields, dict) or not to_text(fields.get("ID")).isdecimal():
        return data
    return {**data, "FIELDS": {**fields, "ID": to_int(fields["ID"])}}


def _filled(shape: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(shape, dict):
        return {name: _filled(part, values) for name, part in shape.items()}
    if not isinstance(shape, str):
        return shape
    whole = _HOLE.fullmatch(shape)
    if whole and whole[2]:
        return to_int(_value(values, whole[1]))
    return _HOLE.sub(lambda hole: _text(_value(values, hole[1])), shape)


def _value(values: Mapping[str, Any], name: str) -> Any:
    return values.get(name, values.get(upper(name)))


def _text(value: Any) -> str:
    return "" if is_array(value) else to_text(value)


@functools.cache
def _table() -> dict[str, tuple[Cause, ...]]:
    table: dict[str, tuple[Cause, ...]] = {}
    for row in json.loads(_FACTS.read_text(encoding="utf-8")):
        name = row["method"].lower()
        table[name] = (*table.get(name, ()), Cause(**row))
    return table
