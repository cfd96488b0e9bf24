"""What can go wrong on command."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Literal

from mock_bitrix.rest import errors

Moment = Literal["before", "after"]

SLOW = "slow"
DROP = "drop_connection"
MALFORMED = "malformed_body"
HTML = "html_error_page"
TRANSPORT = (SLOW, DROP, MALFORMED, HTML)
"""Faults below the REST surface: they concern the whole answer, not one command of a batch."""

SLOWNESS = 1.0
"""Seconds that `slow` takes when no delay is given."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An order to fail. `times` None: for ever; `delay` in seconds of real time."""

    id: int
    fault: str
    method: str
    times: int | None
    probability: float
    delay: float
    when: Moment
    struck: int

    def concerns(self, method: str, when: Moment) -> bool:
        """Whether it is meant for calls of this method (in lower case)."""
        return self.when == when and fnmatchcase(method, self.method)


@dataclass(frozen=True, slots=True)
class Blow:
    """What faults do to one call: a delay in seconds, then perhaps an end, by the fault's name."""

    delay: float = 0.0
    fault: str | None = None

    def land(self) -> None:
        """Fail, if the call is to fail. Raises a `RestError` or `Broken`."""
        if self.fault is None:
            return
        if self.fault in TRANSPORT:
            raise Broken(self.fault)
        raise example(refusals()[self.fault])


class Broken(Exception):
    """The answer doesn't arrive as it was sent: `kind` is one of `TRANSPORT`."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


_VALUES = {
    "argument": "ID",
    "event": "ONCRMLEADADD",
    "feature": "auth_connector",
    "field": "ID",
    "limit": "1000",
    "longest": "100",
    "name": "EVENT",
    "operator": "!",
    "value": "?",
}
_PLACE = re.compile(r"\{(\w+)\}")


def example(kind: type[errors.RestError]) -> errors.RestError:
    """A refusal of that kind, with plausible values in its text."""
    error = kind.__new__(kind)
    errors.RestError.__init__(error)
    text = _PLACE.sub(lambda place: _VALUES.get(place[1], place[1]), error.text)
    error.text = text.replace("{{", "{").replace("}}", "}")
    return error


@cache
def refusals() -> dict[str, type[errors.RestError]]:
    """Every refusal by its code; where several share one, the others by their class's name."""
    found: dict[str, type[errors.RestError]] = {}
    for kind in errors.refusals():
        if kind.code:  # older CRM methods have none
            found.setdefault(str(kind.code), kind)
        found[kind.__name__] = kind
    return found


def names() -> list[str]:
    """Every name that `fault` may have."""
    return [*TRANSPORT, *refusals()]
