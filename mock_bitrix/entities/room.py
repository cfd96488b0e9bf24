"""What can be done with entities of any kind: add, read, change, delete, list.

Nothing here tells anybody of a change; whoever changes something says so in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mock_bitrix.entities.conditions import Group, earliest, id_range, matcher
from mock_bitrix.entities.contacts import merged
from mock_bitrix.entities.deriving import derived
from mock_bitrix.entities.fields import Field
from mock_bitrix.entities.kinds import Kind
from mock_bitrix.entities.store import Entity, Store
from mock_bitrix.entities.values import Frame, stored
from mock_bitrix.php.values import Value
from mock_bitrix.portal.model import Portal
from mock_bitrix.randomness import Randomness
from mock_bitrix.storage.counters import Counters
from mock_bitrix.storage.database import Database

PAGE = 50

Order = Sequence[tuple[Field, bool]]
"""Fields to sort by, each with whether the greatest comes first."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list. `total` None: nobody asked for it, so there is no `next` either."""

    items: list[Entity]
    total: int | None = None
    next: int | None = None


class Room:
    """The entities of a portal, for one caller."""

    def __init__(self, database: Database, portal: Portal, user_id: int) -> None:
        self._portal = portal
        self._database = database
        self._user_id = user_id
        self.frame = Frame(portal.zone, portal.clock.now())
        self.store = Store(database, portal.id)

    def add(self, kind: Kind, given: Mapping[str, Value], *, anything: bool = False) -> Entity:
        """Add an entity with these fields; unknown ones are left out.

        `anything`: also links that older methods only show.
        """
        number = self.store.next_id(kind.name)
        data = dict(kind.defaults) | self._stamps(kind, kind.stamps + kind.touches)
        data |= self._given(kind, given, anything=anything)
        if kind.title and not data.get("TITLE"):
            data["TITLE"] = kind.title.format(id=number)
        if "GUID" in kind.fields.by_name:
            data["GUID"] = data.get("GUID") or self._guid()
        entity = self._derived(kind, Entity(number, data | {"ID": number}), {})
        self.store.insert(kind.name, [entity], kind.code, kind.touched)
        return entity

    def get(self, kind: Kind, number: int) -> Entity | None:
        """An entity by its id."""
        return self.store.get(kind.name, number)

    def update(
        self, kind: Kind, entity: Entity, given: Mapping[str, Value], *, anything: bool = False
    ) -> Entity:
        """Change fields of an entity; those that never change are left out, unless `anything`."""
        changes = {
            name: value
            for name, value in self._given(kind, given, anything=anything).items()
            if anything or not kind.fields[name].immutable
        }
        data = entity.data | self._stamps(kind, kind.touches) | changes
        if kind.stage and data.get(kind.stage) != entity.data.get(kind.stage):
            data |= self._stamps(kind, kind.moves)
        changed = self._derived(kind, Entity(entity.id, data), entity.data)
        self.store.change(kind.name, changed, kind.touched)
        return changed

    def delete(self, kind: Kind, number: int) -> bool:
        """Delete an entity; False where there is none."""
        return self.store.remove(kind.name, number)

    def page(self, kind: Kind, wanted: Group, order: Order, start: int) -> Page:
        """The page of a list that begins with number `start`; -1: the first one, uncounted."""
        low, high, left = id_range(wanted)
        by_id = not order or order[0][0].name == "ID"
        falling = bool(order) and order[0][1]
        if not left.parts and by_id:
            return self._page_by_id(kind, (low, high), falling, start)
        if start < 0 and by_id and not falling:  # as workers read that follow the ids
            return Page(list(islice(self.matching(kind, wanted), PAGE)))
        return _cut(self._sorted(kind, (low, high), left, order), start)

    def matching(self, kind: Kind, wanted: Group) -> Iterator[Entity]:
        """All entities that fit, by their ids."""
        low, high, left = id_range(wanted)
        return self._matching(kind, (low, high), left)

    def _matching(self, kind: Kind, ids: tuple[int, int], wanted: Group) -> Iterator[Entity]:
        fits = matcher(wanted, self.frame)
        since = earliest(wanted, kind.touched, self.frame) if kind.touched else None
        return self.store.matching(kind.name, ids, fits, since)

    def _page_by_id(self, kind: Kind, ids: tuple[int, int], falling: bool, start: int) -> Page:
        items = self.store.page(kind.name, ids, falling=falling, limit=PAGE, offset=max(start, 0))
        if start < 0:
            return Page(items)
        return _counted(items, start, self.store.count(kind.name, *ids))

    def _sorted(
        self, kind: Kind, ids: tuple[int, int], wanted: Group, order: Order
    ) -> list[Entity]:
        found = list(self._matching(kind, ids, wanted))
        for field, falling in reversed(order):
            found.sort(key=lambda entity: sort_key(entity.data.get(field.name)), reverse=falling)
        return found

    def _stamps(self, kind: Kind, names: Sequence[str]) -> dict[str, Any]:
        """The time for fields of a time, the caller for the others."""
        now = int(self.frame.now)
        return {name: now if kind.fields[name].group == "time" else self._user_id for name in names}

    def _given(self, kind: Kind, given: Mapping[str, Value], *, anything: bool) -> dict[str, Any]:
        return {
            name: stored(kind.fields[name], value, self.frame)
            for name, value in given.items()
            if kind.takes(name) and name != "ID" and kind.fields[name].writable(anything)
        }

    def _derived(self, kind: Kind, entity: Entity, before: Mapping[str, Any]) -> Entity:
        data = dict(entity.data)
        for name in kind.fields.by_name:
            if kind.fields[name].group == "contacts" and data.get(name) != before.get(name):
                items = merged(name, before.get(name), data[name], self._contact_id)
                data[name] = items
        return Entity(entity.id, derived(kind, data, before, self.frame))

    def _contact_id(self) -> int:
        return self.store.next_id("contact")

    def _guid(self) -> str:
        counters = Counters(self._database, self._portal.id)
        seed = f"{self._portal.seed}:guid" if self._portal.seed is not None else None
        digits = Randomness(seed, lambda: counters.next("guid")).hexadecimal(32)
        parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
        return "{" + "-".join(parts) + "}"


def _cut(found: list[Entity], start: int) -> Page:
    if start < 0:
        return Page(found[:PAGE])
    return _counted(found[start : start + PAGE], start, len(found))


def _counted(items: list[Entity], start: int, total: int) -> Page:
    after = start + len(items)
    return Page(items, total, after if items and after < total else None)


def sort_key(value: Any) -> tuple[int, float, str]:
    """Where a value stands in a sorted list: missing ones first, texts without their case."""
    if value is None or isinstance(value, list | dict):
        return 0, 0.0, ""
    if isinstance(value, int | float):
        return 1, float(value), ""
    return 2, 0.0, str(value).lower()
