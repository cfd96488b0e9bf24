"""What a caller asks of the queue: conditions, order, limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

FIELDS = ("ID", "TIMESTAMP_X", "EVENT_NAME", "MESSAGE_ID")
"""Fields that a take can filter and order by (protocol D.5)."""

LIST_FIELDS = (*FIELDS, "PROCESS_ID", "ERROR")
"""The same for the list of all rows (protocol E.1)."""

OPERATORS = ("", "=", ">", "<", ">=", "<=", "@", "%")
"""Protocol D.6.1; the empty one is a bare field name."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a filter, as it was given: its meaning depends on the engine."""

    operator: str
    field: str
    value: object


@dataclass(frozen=True, slots=True)
class OrderBy:
    """One key of an order."""

    field: str
    descending: bool = False


BY_TIMESTAMP = (OrderBy("TIMESTAMP_X"),)
BY_ID = (OrderBy("ID"),)


class Selection(NamedTuple):
    """Which rows, in which order, how many; `error` selects failed rows instead of good ones."""

    conditions: tuple[Condition, ...] = ()
    order: tuple[OrderBy, ...] = BY_TIMESTAMP
    limit: int = 50
    error: bool = False


class SelectionError(ValueError):
    """A condition that passed validation, but that the engine can't use."""

    def __init__(self, condition: Condition) -> None:
        super().__init__(f"{condition.operator}{condition.field}")
        self.condition = condition


class InvalidType(SelectionError):
    """An array where the strict engine takes one value (protocol D.6.2)."""


class UnknownOperator(SelectionError):
    """`@` or `%` in the strict engine (protocol D.6.2)."""


class BadDate(SelectionError):
    """Text that is no date (protocol D.6.5)."""


class Unusable(SelectionError):
    """A value on which the real server breaks (protocol question 15)."""
