"""What methods of entities share: the room they work in, telling of changes, reading parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from mock_bitrix.entities.conditions import Group, Test
from mock_bitrix.entities.events import Condition, happenings
from mock_bitrix.entities.fields import Field
from mock_bitrix.entities.kinds import Kind
from mock_bitrix.entities.room import Order, Page, Room
from mock_bitrix.entities.store import Entity
from mock_bitrix.php.values import LARGEST, Value, array_items, is_array, to_int, to_text
from mock_bitrix.rest.call import Call, Listed
from mock_bitrix.rest.registry import Given


class Work:
    """One call's work on entities."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.zone = call.portal.zone
        self.room = Room(call.emulator.database, call.portal, call.caller.user.id)

    @contextmanager
    def change(self) -> Iterator[Room]:
        """A change and what it causes: written together, or not at all."""
        with self.call.emulator.database.transaction():
            self.room.store.changing = True
            yield self.room

    def tell(
        self, method: str, values: Mapping[str, Any], conditions: Sequence[Condition] = ()
    ) -> None:
        """The events that the documentation says this method causes."""
        numbers = self.call.portal.switches.event_ids == "number"
        for event, data in happenings(method, values, frozenset(conditions), numbers=numbers):
            self.call.happened(event, data)

    def user_fields(self, kind: Kind) -> list[Entity]:
        """The fields that the portal's people have added to a kind."""
        return list(self.room.store.every(f"{kind.name}.userfield", 0, LARGEST))

    def own_names(self, kind: Kind) -> list[str]:
        """Their names."""
        return [to_text(entity.data["FIELD_NAME"]) for entity in self.user_fields(kind)]


class Anything(Given):
    """Whatever the caller sends, whatever the case of its names."""

    @classmethod
    def read(cls, given: dict[str, Value]) -> Any:
        """The parameters, their names in upper case."""
        return super().read({name.upper(): value for name, value in given.items()})


def listed(call: Call, page: Page, shown: object) -> object:
    """The answer of a list; without counting, only what was found."""
    return shown if page.total is None else Listed(shown, page.total, page.next)


def equal(kind: Kind, values: Mapping[str, Value]) -> Group:
    """All entities whose fields have these values."""
    return Group(tuple(Test("=", kind.fields[name], value) for name, value in values.items()))


def conditions_of(given: dict[str, Any]) -> tuple[Condition, ...]:
    """What of a user field is set: the values of a list, other settings, or both."""
    lists = {name for name in given if name.upper() in ("LIST", "ENUM")}
    values: tuple[Condition, ...] = ("values",) if any(given[name] for name in lists) else ()
    return (*values, "settings") if set(given) - lists else values


def text_of(value: object) -> str:
    """A scalar as PHP's text; an array is none at all."""
    return "" if is_array(value) else to_text(value)


def names_in(value: object) -> list[str]:
    """The texts of a list such as `select`."""
    if not isinstance(value, list | dict):
        return [to_text(value)] if value else []
    return [to_text(item) for _, item in array_items(value) if not isinstance(item, list | dict)]


def fields_in(value: object) -> dict[str, Value]:
    """A map such as `fields`."""
    return dict(array_items(value)) if isinstance(value, list | dict) else {}


def order_in(value: object, resolve: Callable[[str], Field | None]) -> Order:
    """A map such as `order`: what isn't DESC rises."""
    keys = []
    for name, direction in fields_in(value).items():
        field = resolve(name)
        if field is not None:
            keys.append((field, text_of(direction).upper().startswith("DESC")))
    return keys


def positive(value: object) -> int | None:
    """A number from 1; None for anything else."""
    number = to_int(value)
    return number if number > 0 else None
