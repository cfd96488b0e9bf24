"""`crm.type.*`: smart processes, the CRM types that a portal's people make themselves."""

from __future__ import annotations

from typing import Any, ClassVar

from mock_bitrix.entities import kinds, showing
from mock_bitrix.entities.conditions import parse
from mock_bitrix.entities.fields import Field
from mock_bitrix.entities.kinds import SMALLEST_PROCESS
from mock_bitrix.entities.names import camel, upper
from mock_bitrix.entities.room import Room
from mock_bitrix.entities.store import Entity
from mock_bitrix.php.values import LARGEST, to_int
from mock_bitrix.rest.call import Call
from mock_bitrix.rest.errors import entities as errors
from mock_bitrix.rest.registry import NoParameters, Parameters, method
from mock_bitrix.rest.work import Work, fields_in, listed, order_in

FIRST, STEP = 1030, 4
"""Where the numbers of new smart processes begin, and how far they are apart."""


KIND = kinds.known("crm.type")


class One(Parameters):
    """Which smart process."""

    folds: ClassVar[bool] = False
    id: object = None
    entityTypeId: object = None  # noqa: N815  # its name on the wire


class New(Parameters):
    """What to make."""

    folds: ClassVar[bool] = False
    id: object = None
    fields: object = None


class Wanted(Parameters):
    """Which ones to list."""

    folds: ClassVar[bool] = False
    filter: object = None
    order: object = None


@method("crm.type.add", New, scopes=["crm"])
def add(call: Call, wanted: New) -> dict[str, Any]:
    """Make a smart process."""
    work = Work(call)
    given = _given(wanted.fields)
    with work.change() as room:
        number = _type_id(room, given.get("ENTITY_TYPE_ID"))
        entity = room.add(KIND, {**given, "ENTITY_TYPE_ID": number})
        work.tell(call.method, entity.data)
    return {"type": _shown(work, entity)}


@method("crm.type.update", New, scopes=["crm"])
def update(call: Call, wanted: New) -> dict[str, Any]:
    """Change a smart process."""
    work = Work(call)
    with work.change() as room:
        entity = room.update(KIND, _find(room, wanted.id), _given(wanted.fields))
        work.tell(call.method, entity.data)
    return {"type": _shown(work, entity)}


@method("crm.type.get", One, scopes=["crm"])
def get(call: Call, wanted: One) -> dict[str, Any]:
    """A smart process, by its id."""
    work = Work(call)
    return {"type": _shown(work, _find(work.room, wanted.id))}


@method("crm.type.getByEntityTypeId", One, scopes=["crm"])
def get_by_type(call: Call, wanted: One) -> dict[str, Any]:
    """A smart process, by the number of its items' type."""
    work = Work(call)
    for entity in work.room.store.every(KIND.name, 0, LARGEST):
        if entity.data.get("ENTITY_TYPE_ID") == to_int(wanted.entityTypeId):
            return {"type": _shown(work, entity)}
    raise errors.TypeNotFound


@method("crm.type.list", Wanted, scopes=["crm"])
def lists(call: Call, wanted: Wanted) -> object:
    """A page of 50 smart processes."""
    work = Work(call)
    condition = parse(wanted.filter, _filtered)
    order = order_in(wanted.order, _filtered)
    page = work.room.page(KIND, condition, order, call.start)
    shown = [_shown(work, entity, in_list=True) for entity in page.items]
    return listed(call, page, {"types": shown})


@method("crm.type.delete", One, scopes=["crm"])
def delete(call: Call, wanted: One) -> list[object]:
    """Delete a smart process; its own user fields go without an event."""
    work = Work(call)
    with work.change() as room:
        entity = _find(room, wanted.id)
        room.delete(KIND, entity.id)
        work.tell(call.method, entity.data)
    return []


@method("crm.type.fields", NoParameters, scopes=["crm"])
def fields(_: Call, __: NoParameters) -> dict[str, Any]:
    """The fields of smart processes."""
    described = {
        camel(name): showing.described(field) for name, field in KIND.fields.by_name.items()
    }
    return {"fields": described}


def _given(fields: object) -> dict[str, Any]:
    if not isinstance(fields, list | dict):
        raise errors.ValueMissing(name="fields")
    return {upper(name): value for name, value in fields_in(fields).items()}


def _find(room: Room, given: object) -> Entity:
    entity = room.get(KIND, to_int(given))
    if entity is None:
        raise errors.TypeNotFound
    return entity


def _type_id(room: Room, given: object) -> int:
    taken = {
        to_int(entity.data.get("ENTITY_TYPE_ID"))
        for entity in room.store.every(KIND.name, 0, LARGEST)
    }
    if given is None:
        return next(n for n in range(FIRST, LARGEST, STEP) if n not in taken)
    number = to_int(given)
    in_range = SMALLEST_PROCESS <= number <= 192 or number >= FIRST
    if not in_range or number % 2 or number in taken:
        raise errors.TypeOutOfRange
    return number


def _filtered(name: str) -> Field:
    if not KIND.takes(upper(name)):
        raise errors.NotInFilter(field=name)
    return KIND.fields[upper(name)]


def _shown(work: Work, entity: Entity, *, in_list: bool = False) -> dict[str, Any]:
    names = KIND.fields.shown[:-3] if in_list else KIND.fields.shown
    return showing.numbers(KIND, entity, work.zone, names)
