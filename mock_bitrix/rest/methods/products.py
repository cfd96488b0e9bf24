"""`catalog.product.*`: products, their variations, and services. All are one kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mock_bitrix.entities import showing
from mock_bitrix.entities.conditions import Group, Test, parse
from mock_bitrix.entities.fields import Field
from mock_bitrix.entities.kinds import known
from mock_bitrix.entities.names import upper
from mock_bitrix.entities.store import Entity
from mock_bitrix.php.values import Value, to_int
from mock_bitrix.rest import families
from mock_bitrix.rest.call import Call
from mock_bitrix.rest.errors import entities as errors
from mock_bitrix.rest.families import Change, New, One, Selected
from mock_bitrix.rest.work import Work, fields_in, listed, names_in, order_in

KIND = known("catalog.product")


@dataclass(frozen=True, slots=True)
class Family:
    """One sort of products: its methods' prefix, its names in answers, its TYPE."""

    prefix: str
    written: str
    read: str
    listed: str
    type: int


FAMILIES = (
    Family("catalog.product", "element", "product", "products", 1),
    Family("catalog.product.sku", "sku", "sku", "units", 3),
    Family("catalog.product.offer", "offer", "offer", "offers", 4),
    Family("catalog.product.service", "service", "service", "services", 7),
)


def add(family: Family, call: Call, wanted: New) -> dict[str, Any]:
    """Add a {what}; give all of it."""
    given = _given(wanted.fields)
    missing = [name for name in ("NAME", "IBLOCK_ID") if not given.get(name)]
    if missing:
        raise errors.RequiredFields(names=", ".join(n.lower() for n in missing))
    work = Work(call)
    with work.change() as room:
        entity = room.add(KIND, {"TYPE": family.type, **given})
        work.tell(call.method, entity.data)
    return {family.written: _shown(work, entity)}


def update(family: Family, call: Call, wanted: Change) -> dict[str, Any]:
    """Change a {what}; give all of it."""
    work = Work(call)
    with work.change() as room:
        entity = room.update(KIND, _find(family, work, wanted.id), _given(wanted.fields))
        work.tell(call.method, entity.data)
    return {family.written: _shown(work, entity)}


def get(family: Family, call: Call, wanted: One) -> dict[str, Any]:
    """A {what}, by its id."""
    work = Work(call)
    return {family.read: _shown(work, _find(family, work, wanted.id))}


def lists(family: Family, call: Call, wanted: Selected) -> object:
    """A page of 50 products of this sort."""
    work = Work(call)
    condition = parse(wanted.filter, _known)
    if family.prefix != "catalog.product":
        condition = Group((*condition.parts, Test("=", KIND.fields["TYPE"], family.type)))
    order = order_in(wanted.order, _known)
    page = work.room.page(KIND, condition, order, call.start)
    names = [upper(name) for name in names_in(wanted.select)]
    shown = [_selected(work, entity, names) for entity in page.items]
    return listed(call, page, {family.listed: shown})


def delete(family: Family, call: Call, wanted: One) -> bool:
    """Delete a {what}."""
    work = Work(call)
    with work.change() as room:
        entity = _find(family, work, wanted.id)
        room.delete(KIND, entity.id)
        work.tell(call.method, entity.data)
    return True


def _given(fields: object) -> dict[str, Value]:
    if not isinstance(fields, list | dict):
        raise errors.ValueMissing(name="fields")
    return {upper(name): value for name, value in fields_in(fields).items()}


def _known(name: str) -> Field | None:
    return KIND.known(upper(name))


def _find(family: Family, work: Work, given: object) -> Entity:
    if given is None:
        raise errors.ValueMissing(name="id")
    entity = work.room.get(KIND, to_int(given))
    if entity is None or (family.prefix != "catalog.product" and not _is_of(family, entity)):
        raise errors.ProductNotFound
    return entity


def _is_of(family: Family, entity: Entity) -> bool:
    return bool(entity.data.get("TYPE") == family.type)


def _shown(work: Work, entity: Entity) -> dict[str, Any]:
    return showing.numbers(KIND, entity, work.zone, KIND.fields.shown)


def _selected(work: Work, entity: Entity, names: list[str]) -> dict[str, Any]:
    if not names or "*" in names:
        return _shown(work, entity)
    return showing.numbers(KIND, entity, work.zone, [n for n in KIND.fields.shown if n in names])


VERBS: families.Verbs = {
    "add": (add, New),
    "update": (update, Change),
    "get": (get, One),
    "list": (lists, Selected),
    "delete": (delete, One),
}


for _family in FAMILIES:
    families.register(_family.prefix, VERBS, _family, _family.read, ["catalog"])
