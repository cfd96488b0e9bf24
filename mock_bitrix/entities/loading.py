"""Entities from a fixture, and back: nobody hears of them, and what isn't said is made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any

from mock_bitrix.entities import kinds
from mock_bitrix.entities.contacts import merged
from mock_bitrix.entities.deriving import derived
from mock_bitrix.entities.kinds import Kind
from mock_bitrix.entities.names import upper
from mock_bitrix.entities.store import Entity, Store
from mock_bitrix.entities.values import Frame, shown_date, stored
from mock_bitrix.php.values import Value, to_int
from mock_bitrix.storage.database import Database

Described = Mapping[str, Value]


class UnknownKind(ValueError):
    """There is no such kind of entity. `kind` is the name that was given."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        hint = kinds.nearest(kind)
        super().__init__(
            f'"{kind}" is no kind of entity' + (f"; did you mean {hint}?" if hint else "")
        )


class NoId(ValueError):
    """An entity's ID is no positive number. `index`: which one of its kind."""

    def __init__(self, kind: str, index: int) -> None:
        self.kind = kind
        self.index = index
        super().__init__("expected ID: a number from 1")


def load(
    database: Database,
    portal_id: int,
    entities: Mapping[str, Sequence[Described]],
    now: float,
    zone: tzinfo,
) -> None:
    """Put entities into a portal, with the ids that they have; those without get the next ones.

    Raises `UnknownKind` and `NoId`, and then may have loaded some: call it in a transaction.
    """
    loader = _Loader(Store(database, portal_id), Frame(zone, now))
    for name, described in entities.items():
        kind = kinds.find(name)
        if kind is None:
            raise UnknownKind(name)
        loader.load(kind, described)


def dump(database: Database, portal_id: int, zone: tzinfo) -> dict[str, list[dict[str, Any]]]:
    """A portal's entities, as `load` takes them."""
    store = Store(database, portal_id)
    return {
        name: [_shown(name, entity, zone) for entity in store.every(name, 0, 2**63 - 1)]
        for name in store.kinds()
    }


class _Loader:
    def __init__(self, store: Store, frame: Frame) -> None:
        self._store = store
        self._frame = frame

    def load(self, kind: Kind, described: Sequence[Described]) -> None:
        """Insert the entities of one kind."""
        given = [
            {_stored_name(kind, name): value for name, value in each.items()} for each in described
        ]
        ids = [self._id(kind, index, each) for index, each in enumerate(given)]
        self._store.keep_free(kind.name, max((number or 0 for number in ids), default=0))
        entities = [
            self._entity(kind, number or self._store.next_id(kind.name), each)
            for number, each in zip(ids, given, strict=True)
        ]
        self._store.insert(kind.name, entities, kind.code, kind.touched)

    def _id(self, kind: Kind, index: int, given: Described) -> int | None:
        if kind.code or "ID" not in given:
            return None
        number = to_int(given["ID"])
        if number < 1:
            raise NoId(kind.name, index)
        return number

    def _entity(self, kind: Kind, number: int, given: Described) -> Entity:
        data = dict(kind.defaults) | self._stamps(kind)
        for name, value in given.items():
            if name != "ID" and (name not in data or value != data[name]):
                data[name] = stored(kind.fields[name], value, self._frame)
            if kind.fields[name].group == "contacts":
                data[name] = self._contacts(name, value)
        if kind.title and not data.get("TITLE"):
            data["TITLE"] = kind.title.format(id=number)
        return Entity(number, derived(kind, data, {}, self._frame))

    def _stamps(self, kind: Kind) -> dict[str, Any]:
        """Dates default to now, people to the first user."""
        return {
            name: int(self._frame.now) if kind.fields[name].group == "time" else 1
            for name in (*kind.stamps, *kind.touches)
        }

    def _contacts(self, name: str, value: Value) -> list[dict[str, Any]]:
        known = (
            [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
        )
        for item in known:
            self._store.keep_free("contact", to_int(item.get("ID")))
        numbered = {to_int(item.get("ID")): {"ID": to_int(item.get("ID"))} for item in known}
        numbered.pop(0, None)
        return merged(name, list(numbered.values()), value, lambda: self._store.next_id("contact"))


def _stored_name(kind: Kind, name: str) -> str:
    """What nobody described keeps its name; of the others, both spellings will do."""
    return name if kind.open and name != "id" else upper(name)


def _shown(kind_name: str, entity: Entity, zone: tzinfo) -> dict[str, Any]:
    kind = kinds.find(kind_name)
    assert kind is not None, "what was stored has a kind"
    shown: dict[str, Any] = {"ID": entity.id}
    for name, value in entity.data.items():
        field = kind.fields[name]
        dated = field.group == "time" and isinstance(value, int | float)
        shown[name] = shown_date(field, value, zone) if dated else value
    return shown
