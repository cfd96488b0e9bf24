"""`catalog.product.*`: products, their variations, and services. All are one kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mock_bitrix.entities import showing
from mock_bitrix.entities.conditions import Group, Test, parse
from mock_bitrix.entities.fields import Field
from mock_bitrix.entities.kinds import known
from mock_bitrix.entities.names import upper
from mock_bitrix.entities.store import Entity
from mock_bitrix.php.values import Value, to_int
from mock_bitrix.rest.call import Call
from mock_bitrix.rest.errors import entities as errors
from mock_bitrix.rest.registry import Parameters, method
from mock_bitrix.rest.work import Work, fields_in, listed, names_in, order_in

KIND = known("catalog.product")


class One(Parameters):
    """Which product."""

    id: object = None


class New(Parameters):
    """What to add."""

    fields: object = None


class Change(One):
    """What to change."""

    fields: object = None


class Wanted(Parameters):
    """Which products to list."""

    select: object = None
    filter: object = None
    order: object = None


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


def lists(family: Family, call: Call, wanted: Wanted) -> object:
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
    return KIND.fields[upper(name)] if KIND.takes(upper(name)) else None


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


Verb = Callable[[Family, Call, Any], object]
VERBS: dict[str, tuple[Verb, type[Parameters]]] = {
    "add": (add, New),
    "update": (update, Change),
    "get": (get, One),
    "list": (lists, Wanted),
    "delete": (delete, One),
}


def _register(family: Family, verb: str) -> None:
    function, parameters = VERBS[verb]

    def run(call: Call, wanted: Any) -> object:
        return function(family, call, wanted)

    run.__doc__ = (function.__doc__ or "").format(what=family.read)
    method(f"{family.prefix}.{verb}", parameters, scopes=["catalog"])(run)


for _family in FAMILIES:
    for _verb in VERBS:
        _register(_family, _verb)
