"""The changes that happen in a history: each has an entity of its own, so each is a row."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from mock_bitrix.entities import events as causes
from mock_bitrix.events import catalogue
from mock_bitrix.settings import SettingError

MOST = 200
"""Changes of a history."""

_KINDS = ("crm.lead", "crm.deal", "crm.contact", "crm.company", "crm.quote", "tasks.task")
"""Kinds whose entities a worker will want to read back."""

_HOLDERS = ("FIELDS", "FIELDS_AFTER", "FIELDS_BEFORE")


class Change(NamedTuple):
    """What happens: an event and what it carries."""

    event: str
    data: Any


class Changes:
    """Different changes, one after the other, the same for the same dice."""

    def __init__(self, events: Sequence[str], dice: random.Random) -> None:
        self._events = events
        self._dice = dice
        self._numbers = range(dice.randrange(100, 900), 900 + MOST)
        self._next = iter(self._numbers)

    def next(self) -> Change:
        """A change of another entity."""
        event = self._dice.choice(self._events)
        return Change(event, _of_entity(event, next(self._next)))

    def entities(self) -> dict[str, list[dict[str, int]]]:
        """The entities that change, by kind, as a portal's document has them."""
        numbers = self._numbers[:MOST]
        return {kind: [{"ID": number} for number in numbers] for kind in _kinds(self._events)}


def checked(events: Iterable[str]) -> list[str]:
    """The events, as the catalogue spells them. Raises `SettingError` for what can't be used."""
    found = []
    for name in events:
        event = catalogue.find(name)
        if event is None:
            near = catalogue.nearest(name)
            meant = f"; did you mean {near}?" if near else ""
            raise SettingError(f"--event {name}: is no event of the catalogue{meant}")
        if not event.offline or _of_entity(event.code, 1) == _of_entity(event.code, 2):
            raise SettingError(
                f"--event {name}: expected an event of a queue that carries the ID of an entity"
            )
        found.append(event.code)
    return found


def scopes(events: Iterable[str]) -> list[str]:
    """What an application must be allowed to hear of them."""
    known = (catalogue.find(event) for event in events)
    return sorted({"crm", "task", "user"} | {each.scope for each in known if each} - {"basic"})


def _of_entity(event: str, number: int) -> Any:
    found = catalogue.find(event)
    return _numbered(found.sample if found else None, number)


def _numbered(data: Any, number: int) -> Any:
    """The documented sample with another ID, in the sample's own type."""
    if not isinstance(data, dict):
        return data
    named = {key: _numbered(data[key], number) for key in _HOLDERS if key in data}
    if "ID" in data:
        named["ID"] = str(number) if isinstance(data["ID"], str) else number
    return data | named


def _kinds(events: Iterable[str]) -> list[str]:
    wanted = set(events)
    names = {cause.method.rpartition(".")[0] for cause in causes.every() if cause.event in wanted}
    return sorted(names & set(_KINDS))
