"""`crm.item.*`: every CRM type by one set of methods; and `crm.type.*`, the smart processes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from pydantic import Field as Parameter

from mock_bitrix.entities import kinds, showing
from mock_bitrix.entities.conditions import parse
from mock_bitrix.entities.events import Condition
from mock_bitrix.entities.fields import Field
from mock_bitrix.entities.kinds import DEAL, INVOICE, OLD_INVOICE, SMALLEST_PROCESS, Kind
from mock_bitrix.entities.names import upper
from mock_bitrix.entities.room import Order, Room
from mock_bitrix.entities.store import Entity
from mock_bitrix.php.values import LARGEST, Value, to_int, to_text
from mock_bitrix.rest.call import Call
from mock_bitrix.rest.errors import RestError
from mock_bitrix.rest.errors import entities as errors
from mock_bitrix.rest.methods.crm import remove
from mock_bitrix.rest.registry import Parameters, method
from mock_bitrix.rest.work import Work, fields_in, listed, names_in, text_of

NAMES = {OLD_INVOICE: "Invoice", 8: "Requisite", 14: "Order"}
"""Types of CRM that the emulator's `crm.item.*` doesn't work on."""


class OfType(Parameters):
    """Of which type; how user fields are spelled."""

    folds: ClassVar[bool] = False
    entityTypeId: object = Parameter(  # noqa: N815  # its name on the wire
        None, description="1 lead, 2 deal, 3 contact, 4 company…"
    )
    useOriginalUfNames: object = Parameter(  # noqa: N815  # its name on the wire
        "N", description="Y: UF_CRM_1 instead of ufCrm_1"
    )

    @property
    def original(self) -> bool:
        """Whether user fields keep their names in upper case."""
        return to_text(self.useOriginalUfNames) == "Y"


class One(OfType):
    """Which item."""

    id: object = None


class New(OfType):
    """What to add."""

    fields: object = None


class Change(One):
    """What to change."""

    fields: object = None


class Wanted(OfType):
    """Which items to list."""

    select: object = None
    filter: object = None
    order: object = None


class _Items:
    """The items of one type, for one call."""

    def __init__(self, call: Call, wanted: OfType) -> None:
        self.work = Work(call)
        if wanted.entityTypeId is None:
            raise errors.ValueMissing(name="entityTypeId")
        self.type = to_int(wanted.entityTypeId)
        self.kind = kind_of(self.work.room, self.type)
        self.original = wanted.original

    def one(self, given: object, missing: type[RestError]) -> Entity:
        """The item of that id."""
        if given is None:
            raise errors.ValueMissing(name="id")
        entity = self.work.room.get(self.kind, to_int(given))
        if entity is None:
            raise missing
        return entity

    def given(self, fields: object) -> dict[str, Value]:
        """Fields under their stored names."""
        if not isinstance(fields, list | dict):
            raise errors.ValueMissing(name="fields")
        return {self.stored(name): value for name, value in fields_in(fields).items()}

    def stored(self, name: str) -> str:
        """A field's stored name."""
        return showing.stored_name(self.kind, name)

    def shown(self, entity: Entity) -> dict[str, Any]:
        """An item as the methods show it."""
        parents = [f"PARENT_ID_{number}" for number in _parents(self.work.room, self.kind)]
        return showing.item(self.kind, entity, self.work.zone, parents, original=self.original)

    def tell(self, verb: str, entity: Entity, more: Sequence[Condition] = ()) -> None:
        """The events: of the type's own methods, or those of smart processes."""
        if more or self.type == INVOICE or self.type >= SMALLEST_PROCESS:
            conditions = more or _dynamic(self.type)
            values = {**entity.data, "ENTITY_TYPE_ID": self.type}
            self.work.tell(f"crm.item.{verb}", values, conditions)
        else:
            self.work.tell(f"{self.kind.name}.{verb}", entity.data)


def _dynamic(type_id: int) -> tuple[Condition, ...]:
    return ("dynamic",) if type_id == INVOICE else ("dynamic", "smart process")


def kind_of(room: Room, type_id: int) -> Kind:
    """The kind of an `entityTypeId`. Raises the refusal where there is none."""
    if type_id in NAMES:
        raise errors.TypeNotSupported(name=NAMES[type_id])
    found = kinds.of_type(type_id)
    if found is not None:
        return found
    for entity in room.store.every("crm.type", 0, LARGEST):
        if entity.data.get("ENTITY_TYPE_ID") == type_id:
            kind = kinds.process(type_id)
            return kinds.titled(kind, to_text(entity.data.get("TITLE")))
    raise errors.ProcessNotFound


def _parents(room: Room, kind: Kind) -> list[int]:
    """Smart processes that an item of another type can hang on."""
    types = room.store.every("crm.type", 0, LARGEST)
    numbers = (to_int(entity.data.get("ENTITY_TYPE_ID")) for entity in types)
    return [number for number in numbers if number != kind.type_id]


@method("crm.item.add", New, scopes=["crm"])
def add(call: Call, wanted: New) -> dict[str, Any]:
    """Add an item; give all of it."""
    items = _Items(call, wanted)
    given = items.given(wanted.fields)
    with items.work.change() as room:
        entity = room.add(items.kind, given, anything=True)
        items.tell("add", entity)
    return {"item": items.shown(entity)}


@method("crm.item.update", Change, scopes=["crm"])
def update(call: Call, wanted: Change) -> dict[str, Any]:
    """Change an item; give all of it. A deal that changes its funnel has an event of its own."""
    items = _Items(call, wanted)
    with items.work.change() as room:
        before = items.one(wanted.id, errors.ElementNotFound)
        after = room.update(items.kind, before, items.given(wanted.fields), anything=True)
        funnels = (before.data.get("CATEGORY_ID"), after.data.get("CATEGORY_ID"))
        moved = items.type == DEAL and funnels[0] != funnels[1]
        items.tell("update", after, ("funnel",) if moved else ())
    return {"item": items.shown(after)}


@method("crm.item.get", One, scopes=["crm"])
def get(call: Call, wanted: One) -> dict[str, Any]:
    """An item, by its id."""
    items = _Items(call, wanted)
    return {"item": items.shown(items.one(wanted.id, errors.ElementNotFound))}


@method("crm.item.list", Wanted, scopes=["crm"])
def lists(call: Call, wanted: Wanted) -> object:
    """A page of 50 items."""
    items = _Items(call, wanted)
    condition = parse(wanted.filter, lambda name: _filtered(items, name))
    order = _order(items, wanted.order)
    page = items.work.room.page(items.kind, condition, order, call.start)
    select = names_in(wanted.select)
    shown = [_selected(items, items.shown(entity), select) for entity in page.items]
    return listed(call, page, {"items": shown})


@method("crm.item.delete", One, scopes=["crm"])
def delete(call: Call, wanted: One) -> list[object]:
    """Delete an item."""
    items = _Items(call, wanted)
    with items.work.change():
        entity = items.one(wanted.id, errors.ItemNotFound)
        remove(items.work, items.kind, entity)
        items.tell("delete", entity)
    return []


@method("crm.item.fields", OfType, scopes=["crm"])
def fields(call: Call, wanted: OfType) -> dict[str, Any]:
    """The fields of a type's items."""
    items = _Items(call, wanted)
    described = {
        showing.item_name(items.kind, name): _described(items, field)
        for name, field in items.kind.fields.by_name.items()
    }
    for entity in items.work.user_fields(items.kind):
        name = to_text(entity.data["FIELD_NAME"])
        spelled = name if items.original else showing.item_name(items.kind, name)
        described[spelled] = showing.described_own(entity.data) | {"upperName": name}
    return {"fields": described}


def _described(items: _Items, field: Field) -> dict[str, Any]:
    name = showing.item_name(items.kind, field.name)
    return showing.described(field) | {"upperName": upper(name)}


def _known(items: _Items, name: str) -> Field | None:
    stored = items.stored(name)
    return items.kind.known(stored)


def _filtered(items: _Items, name: str) -> Field:
    field = _known(items, name)
    if field is None:
        raise errors.NotInFilter(field=name)
    return field


def _order(items: _Items, given: object) -> Order:
    keys = []
    for name, direction in fields_in(given).items():
        field = _known(items, name)
        if field is None:
            raise errors.NotInOrder(field=name)
        way = text_of(direction)
        if way.upper() not in ("ASC", "DESC"):
            raise errors.WrongDirection(field=name, given=way)
        keys.append((field, way.upper() == "DESC"))
    return keys


def _selected(items: _Items, shown: dict[str, Any], select: list[str]) -> dict[str, Any]:
    if not select or "*" in select:
        return shown
    wanted = {showing.item_name(items.kind, items.stored(name)) for name in select}
    wanted |= {"id", *select}
    return {name: value for name, value in shown.items() if name in wanted}
