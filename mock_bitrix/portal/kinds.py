"""The kinds of values in a fixture document, each with what it must look like."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, FiniteFloat, JsonValue, WithJsonSchema

from mock_bitrix.events import catalogue
from mock_bitrix.profiles import UnknownSwitch, switches_of

CONNECTOR_LENGTH = 100  # protocol B.5


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(
            f"{name!r} is no time zone; expected a name such as Europe/Berlin"
        ) from error
    return name


def _event(code: str) -> str:
    if catalogue.find(code) is None:
        nearest = catalogue.nearest(code)
        hint = f"; did you mean {nearest}?" if nearest else ""
        raise ValueError(f'"{code}" is no event of the catalogue{hint}')
    return code.upper()


def _switches(given: dict[str, Any]) -> dict[str, Any]:
    try:
        switches_of("docs", given)
    except UnknownSwitch as error:
        raise ValueError(str(error)) from error
    return given


def _address(address: str) -> str:
    try:
        parts = urlsplit(address)
        fits = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(f'"{address}" is no address; expected http://… or https://…')
    return address


def _written_out(value: object) -> object:
    if isinstance(value, str) and not _DATE.match(value):
        raise ValueError(f'"{value}" is no time; expected {A_TIME}')
    if not isinstance(value, str | datetime):
        raise ValueError(f"expected {A_TIME}")
    return value


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError(f"expected a time with its offset, such as {EXAMPLE}")
    if not FIRST <= value.timestamp() < LAST:
        raise ValueError("expected a time from 1970 to 9998")
    return value


def _text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


EXAMPLE = "2024-07-18T12:32:31+02:00"
A_TIME = f"a time such as {EXAMPLE}"
FIRST = 0
LAST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
FARTHEST = 6e10
"""Seconds that a portal's clock may be off: beyond, its dates would leave the calendar."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_NUMBER_OR_TEXT = WithJsonSchema({"type": ["string", "integer"]})

# Official clients refuse anything but letters, digits and dots.
Plain = Annotated[str, Field(pattern=r"^[A-Za-z0-9.]{1,255}$")]
Domain = Annotated[str, Field(pattern=rf"^{_LABEL}(\.{_LABEL})*$", max_length=255)]
Hex32 = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
MethodName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$")]
Connector = Annotated[str, Field(max_length=CONNECTOR_LENGTH)]
EventCode = Annotated[str, AfterValidator(_event), Field(examples=["ONCRMLEADADD"])]
Address = Annotated[str, AfterValidator(_address), Field(examples=["http://127.0.0.1:9000/hook"])]
Time = Annotated[datetime, BeforeValidator(_written_out), AfterValidator(_aware)]
# Neither true nor "5" is a number, and neither 1 nor "yes" is true or false.
Whole = Annotated[int, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Number = Annotated[FiniteFloat, Field(strict=True)]
UserId = Annotated[Whole, Field(ge=0, lt=2**63)]
UserKey = Annotated[int, Field(ge=0, lt=2**63)]
"""A user's id as the key of a map, where JSON knows texts only."""

LARGEST = 2**62
"""Identifiers and counters stay below it: those that come after them still are numbers."""

Identifier = Annotated[Whole, Field(ge=1, lt=LARGEST)]
ShortText = Annotated[str, BeforeValidator(_text), Field(max_length=50), _NUMBER_OR_TEXT]
Seconds = Annotated[Number, Field(ge=-FARTHEST, lt=LAST)]
Options = dict[str, JsonValue]

PATTERNS = {
    r"^[A-Za-z0-9.]{1,255}$": "1 to 255 letters, digits and dots",
    rf"^{_LABEL}(\.{_LABEL})*$": "a host name in lower case, such as demo.bitrix24.test",
    r"^[0-9a-f]{32}$": "32 digits 0-9 and a-f",
    r"^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$": "a name such as crm.lead",
}
"""What a text must look like, in words."""

Zone = Annotated[str, AfterValidator(_zone)]
SwitchValues = Annotated[dict[str, Any], AfterValidator(_switches)]
Seed = Annotated[
    str | None, BeforeValidator(_text), WithJsonSchema({"type": ["string", "integer", "null"]})
]
Offset = Annotated[Number, Field(ge=-FARTHEST, le=FARTHEST)]
Moment = Annotated[Number, Field(ge=FIRST, lt=LAST)]
