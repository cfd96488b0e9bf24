"""Every event code that a portal knows, with its scope and a sample of what it carries."""

import difflib
import functools
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mock_bitrix.portal.scopes import GLOBAL, with_aliases

_FACTS = Path(__file__).with_name("catalogue.json")
_ONE_TYPE = re.compile(r"(ONCRMDYNAMICITEM(?:ADD|UPDATE|DELETE))_([1-9][0-9]{0,9})")


@dataclass(frozen=True, slots=True)
class Event:
    """One event code: its scope, whether it may be bound offline, and a sample of its data.

    The sample is the documented one; where the documentation names only fields, the values are
    made up, and where it shows nothing the sample is None. It is shared: do not change it.
    """

    code: str
    scope: str
    offline: bool
    sample: Any


def find(code: str) -> Event | None:
    """The event of this code in any case, a smart process's own event included; None if unknown."""
    folded = code.upper()
    return _by_code().get(folded) or _of_one_type(folded)


def codes(scopes: Iterable[str] | None) -> list[str]:
    """The global events, then those of each scope in turn; with None those of every scope.

    This is what `events` lists and what may be bound (protocol F.4).
    """
    everything = _by_scope() if scopes is None else with_aliases([GLOBAL, *scopes])
    return [code for scope in everything for code in _by_scope().get(scope, ())]


def of_scope(scope: str) -> list[str]:
    """The events of one scope, also by an older name of it; none if the scope is unknown."""
    return [code for name in with_aliases([scope]) for code in _by_scope().get(name, ())]


def nearest(code: str) -> str | None:
    """The known code that looks most like this one, to be named in an error message."""
    found = difflib.get_close_matches(code.upper(), _by_code(), n=1)
    return found[0] if found else None


def _of_one_type(code: str) -> Event | None:
    parts = _ONE_TYPE.fullmatch(code)
    if parts is None:
        return None
    base = _by_code()[parts[1]]
    fields = base.sample["FIELDS"] | {"ENTITY_TYPE_ID": parts[2]}
    return Event(code, base.scope, base.offline, {"FIELDS": fields})


@functools.cache
def _by_code() -> dict[str, Event]:
    rows = json.loads(_FACTS.read_text(encoding="utf-8"))
    return {row["code"]: Event(**row) for row in rows}


@functools.cache
def _by_scope() -> dict[str, tuple[str, ...]]:
    # The file begins with the global events, in the order of the real server's list (protocol F.4).
    scopes = dict.fromkeys(event.scope for event in _by_code().values())
    return {
        scope: tuple(event.code for event in _by_code().values() if event.scope == scope)
        for scope in scopes
    }
