"""The two filter engines of the real server (protocol D.6): conditions in, terms out.

A term is a column, a kind of comparison and a value. Terms of the same shape share one compiled
statement; `sql` says what each kind is.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, cast, false, func

from mock_bitrix.php.dates import parse_date
from mock_bitrix.php.values import ArrayGiven, array_items, is_array, to_int, to_text
from mock_bitrix.queue.selection import (
    BadDate,
    Condition,
    InvalidType,
    UnknownOperator,
    Unusable,
)
from mock_bitrix.storage import schema
from mock_bitrix.storage.arrays import among, like_any

COLUMNS: dict[str, ColumnElement[Any]] = {
    "ID": schema.queue.c.id,
    "TIMESTAMP_X": schema.queue.c.timestamp,
    "EVENT_NAME": schema.queue.c.event,
    "MESSAGE_ID": schema.queue.c.message_id,
    "PROCESS_ID": schema.queue.c.process_id,
    "ERROR": schema.queue.c.error,
}
NUMBERS = ("ID", "ERROR")
RANGES = (">", "<", ">=", "<=")
LARGEST = 2**63 - 1
LONGEST_PATTERN = 1000
"""Characters; no column holds as many, and databases refuse very long patterns."""

_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)  # as lower() does on every database
_REAL_MESSAGE_ID = re.compile("[0-9a-fA-F]{32}")
_NUMBER = re.compile(r"\s*([+-]?[0-9]{1,400}(?:\.[0-9]{0,400})?(?:[eE][+-]?[0-9]{1,9})?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison, ready for SQL: `shape` decides the text, `value` is the parameter."""

    field: str
    kind: str
    value: Any = None

    @property
    def shape(self) -> tuple[str, str]:
        """What statements of the same text have in common."""
        return (self.field, self.kind)


@dataclass(frozen=True, slots=True)
class Moment:
    """What dates in a filter are read against."""

    now: float
    zone: tzinfo


Engine = Callable[[Condition, Moment], Term]


def strict(condition: Condition, moment: Moment) -> Term:
    """The engine that marks rows on a fresh take (protocol D.6.2)."""
    if is_array(condition.value):
        raise InvalidType(condition)
    if condition.operator in ("@", "%"):
        raise UnknownOperator(condition)
    if condition.value is None:
        return Term(condition.field, "never")
    return _compared(condition.field, condition.operator or "=", _scalar(condition, moment))


def classic(condition: Condition, moment: Moment) -> Term:
    """The engine of the list and of a second read (protocol D.6.3 and D.6.4)."""
    if is_array(condition.value):
        return _classic_array(condition, moment)
    if condition.operator == "%" and condition.field != "TIMESTAMP_X":
        return _like(condition.field, [_containing(condition.value)])
    if condition.operator == "" and _is_pattern(condition):
        return _wildcards(condition)
    if condition.field == "TIMESTAMP_X" and condition.value is None:
        return Term(condition.field, "never")
    kind = condition.operator if condition.operator in RANGES else "="
    return _compared(condition.field, kind, _scalar(condition, moment))


def _classic_array(condition: Condition, moment: Moment) -> Term:
    assert isinstance(condition.value, list | dict)
    if condition.field == "TIMESTAMP_X":
        raise Unusable(condition)
    elements: dict[str, object] = dict(array_items(condition.value))
    if condition.operator in RANGES:
        if "0" not in elements:
            return Term(condition.field, "never")
        first = Condition(condition.operator, condition.field, elements["0"])
        return _compared(condition.field, condition.operator, _scalar(first, moment))
    if condition.operator == "%":
        return _like(condition.field, _patterns(condition, elements))
    values = [
        _scalar(Condition("=", condition.field, value), moment) for value in elements.values()
    ]
    return Term(condition.field, "in", values)


def _patterns(condition: Condition, elements: dict[str, object]) -> list[str]:
    try:
        return [_containing(value) for value in elements.values()]
    except ArrayGiven as error:
        raise Unusable(condition) from error


def _like(field: str, patterns: list[str]) -> Term:
    return Term(field, "like", [text for text in patterns if _can_be_stored(text)])


def _compared(field: str, kind: str, value: int | str) -> Term:
    """A comparison. No text in the queue holds a NUL, and PostgreSQL takes none."""
    if isinstance(value, int) or "\0" not in value:
        return Term(field, kind, value)
    if kind == "=":
        return Term(field, "never")
    return Term(field, {">=": ">", "<": "<="}.get(kind, kind), value.partition("\0")[0])


def _can_be_stored(text: str) -> bool:
    return len(text) <= LONGEST_PATTERN and "\0" not in text


def _is_pattern(condition: Condition) -> bool:
    """A bare text field with a value that isn't just digits is matched with wildcards."""
    if condition.field in (*NUMBERS, "TIMESTAMP_X"):
        return False
    text = to_text(condition.value)
    return text != "" and not text.isdecimal()


def _scalar(condition: Condition, moment: Moment) -> int | str:
    if is_array(condition.value):
        raise Unusable(condition)
    if condition.field == "TIMESTAMP_X":
        return _seconds(condition, moment)
    if condition.field in NUMBERS:
        return _number(condition.value)
    text = to_text(condition.value)
    return text.upper() if condition.field == "EVENT_NAME" else text


def _number(value: object) -> int:
    """PHP's integer, but what is too large stays large: `>ID 10^30` must not match everything."""
    number = to_int(value)
    match = _NUMBER.match(to_text(value)) if number == 0 else None
    beyond = float(match[1]) if match else 0.0
    if abs(beyond) < LARGEST:
        return number
    return LARGEST if beyond > 0 else -LARGEST


def _seconds(condition: Condition, moment: Moment) -> int:
    now = datetime.fromtimestamp(moment.now, UTC)
    try:
        return int(parse_date(to_text(condition.value), moment.zone, now).timestamp())
    except (ValueError, OverflowError) as error:
        raise BadDate(condition) from error


def _wildcards(condition: Condition) -> Term:
    """A bare value: `%` and `_` stand for others, case doesn't matter (protocol D.6.3).

    Where nothing in it stands for others, an index can answer.
    """
    text = to_text(condition.value)
    if condition.field == "EVENT_NAME" and not any(special in text for special in "%_\\\0"):
        return Term(condition.field, "=", text.upper())
    if _REAL_MESSAGE_ID.fullmatch(text):
        return Term(condition.field, "in", [text.lower(), text.upper()])
    trailing = len(text) - len(text.rstrip("\\"))  # no pattern ends within an escape
    return _like(condition.field, [text.translate(_LOWER) + "\\" * (trailing % 2)])


def _containing(value: object) -> str:
    text = to_text(value).translate(_LOWER)
    for special in ("\\", "%", "_"):
        text = text.replace(special, "\\" + special)
    return f"%{text}%"


def sql(
    term: Term, name: str, dialect: str, column: ColumnElement[Any] | None = None
) -> ColumnElement[bool]:
    """A term as SQL, its value under the parameter `name`; about another column, where given."""
    if column is None:
        column = COLUMNS[term.field]
    if term.kind == "never":
        return false()
    if term.kind == "in":
        return among(dialect, column, name)
    if term.kind == "like":
        return like_any(dialect, func.lower(cast(column, Text)), name)
    compared: ColumnElement[bool] = _COMPARISONS[term.kind](
        column, bindparam(name, type_=column.type)
    )
    return compared


_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
