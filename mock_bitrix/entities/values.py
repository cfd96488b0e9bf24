"""A field's value: as it is stored, and as each family of methods shows it.

Stored are whole numbers, numbers, "Y" and "N", dates as YYYY-MM-DD, times as seconds since 1970,
texts, and everything else as it came.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from mock_bitrix.entities.fields import Field
from mock_bitrix.php.dates import iso, parse_date
from mock_bitrix.php.values import Value, array_items, as_array, is_array, to_int, to_text


@dataclass(frozen=True, slots=True)
class Frame:
    """Where and when: dates without an offset are in the zone, `now` is the portal's time."""

    zone: tzinfo
    now: float

    def moment(self, text: str) -> float:
        """The moment that a text names. Raises ValueError."""
        now = datetime.fromtimestamp(self.now, self.zone)
        return parse_date(text, self.zone, now).timestamp()


def stored(field: Field, value: Value, frame: Frame) -> Any:
    """The value to store; None where there is none, or where it can't be read."""
    if field.multiple and field.group not in ("contacts", "raw"):
        items = array_items(value) if isinstance(value, list | dict) else [("0", value)]
        return [_single(field, item, frame) for _, item in items if item not in (None, "", False)]
    return _single(field, value, frame)


def _single(field: Field, value: Value, frame: Frame) -> Any:
    if field.group in ("contacts", "raw"):
        return as_array(value)
    if value is None or is_array(value):
        return None
    return _STORING[field.group](value, frame)


def _whole(value: Any, _: Frame) -> int | None:
    return None if value == "" else to_int(value)


def number(value: Any) -> float:
    """PHP's number of a scalar, 0 where there is none."""
    try:
        found = float(to_text(value).strip() or 0)
    except ValueError:
        return float(to_int(value))
    return found if abs(found) < 1e300 else 0.0


def _flag(value: Any, _: Frame) -> str:
    return "Y" if to_text(value).upper() in ("Y", "1", "TRUE") else "N"


def _date(value: Any, frame: Frame) -> str | None:
    moment = _time(value, frame)
    if moment is None:
        return None
    return datetime.fromtimestamp(moment, frame.zone).date().isoformat()


def _time(value: Any, frame: Frame) -> int | None:
    text = to_text(value)
    try:
        return int(frame.moment(text)) if text else None
    except ValueError:
        return None


_STORING: dict[str, Callable[[Any, Frame], Any]] = {
    "whole": _whole,
    "number": lambda value, frame: None if value == "" else number(value),
    "flag": _flag,
    "date": _date,
    "time": _time,
    "text": lambda value, frame: to_text(value),
}


def day(value: str, zone: tzinfo) -> str:
    """A date as the portal shows it: its midnight in Greenwich, seen from the portal's zone."""
    midnight = datetime.combine(date.fromisoformat(value), datetime.min.time(), UTC)
    return midnight.astimezone(zone).isoformat()


def shown_date(field: Field, value: Any, zone: tzinfo) -> str:
    """A stored date or time, for a person or a program."""
    return iso(value, zone) if field.group == "time" else day(value, zone)


def as_texts(field: Field, value: Any, zone: tzinfo) -> Any:
    """As older CRM methods show it: numbers as texts, dates that are missing as ""."""
    if value is None:
        return _MISSING.get(field.group, [] if field.type in ("object", "array") else None)
    if field.group in ("date", "time"):
        return shown_date(field, value, zone)
    if field.group == "number":
        return f"{value:.2f}"
    if field.group == "whole":
        return [str(item) for item in value] if isinstance(value, list) else str(value)
    return value


_MISSING = {"date": "", "time": "", "flag": "N"}
"""What older CRM methods show where there is nothing, if not null."""


def as_numbers(field: Field, value: Any, zone: tzinfo) -> Any:
    """As newer methods (`crm.item.*`, `catalog.*`) show it: numbers as numbers."""
    if field.group in ("date", "time"):
        return None if value is None else shown_date(field, value, zone)
    if field.group == "flag":
        return value or "N"
    if field.multiple and value is None:
        return []
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return 0 if value is None and field.group == "number" else value


def as_task(field: Field, value: Any, zone: tzinfo) -> Any:
    """As task methods show it: numbers as texts, dates that are missing as null."""
    if field.group in ("date", "time"):
        return None if value is None else shown_date(field, value, zone)
    if field.type == "array":
        return [to_text(item) for item in value] if isinstance(value, list) else []
    if field.group == "number":
        return None if value is None else to_text(value)
    return str(value) if field.group == "whole" and value is not None else value


Showing = Callable[[Field, Any, tzinfo], Any]
