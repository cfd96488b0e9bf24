"""`crm.*.userfield.*`: fields that a portal's people add to CRM's own."""

from __future__ import annotations

from typing import Any

from mock_bitrix.entities import showing
from mock_bitrix.entities.conditions import parse
from mock_bitrix.entities.kinds import USER_FIELDS, Kind, known
from mock_bitrix.entities.store import Entity
from mock_bitrix.php.values import Value, array_items
from mock_bitrix.rest import families
from mock_bitrix.rest.call import Call
from mock_bitrix.rest.errors import entities as errors
from mock_bitrix.rest.families import Change, New, One, Wanted, found
from mock_bitrix.rest.work import (
    Work,
    conditions_of,
    equal,
    fields_in,
    listed,
    order_in,
    text_of,
)


def add(kind: Kind, call: Call, wanted: New) -> int:
    """Add a user field of {what}; give its id."""
    given = _map(wanted.fields)
    for name in ("USER_TYPE_ID", "FIELD_NAME"):
        if not given.get(name):
            raise errors.UserFieldIncomplete(name=name)
    name = text_of(given["FIELD_NAME"]).upper()
    given["FIELD_NAME"] = name if name.startswith("UF_") else f"UF_CRM_{name}"
    work = Work(call)
    with work.change() as room:
        if any(room.matching(kind, equal(kind, {"FIELD_NAME": given["FIELD_NAME"]}))):
            raise errors.UserFieldExists(
                name=given["FIELD_NAME"], entity=kind.defaults["ENTITY_ID"]
            )
        entity = room.add(kind, _with_list(work, given))
        work.tell(call.method, entity.data, conditions_of(given))
    return entity.id


def update(kind: Kind, call: Call, wanted: Change) -> bool:
    """Change a user field of {what}. Its name and its type stay."""
    given = _map(wanted.fields)
    fixed = ("FIELD_NAME", "USER_TYPE_ID", "MULTIPLE")
    work = Work(call)
    with work.change() as room:
        entity = found(work.room, kind, wanted.id)
        changes = {name: value for name, value in given.items() if name not in fixed}
        room.update(kind, entity, _with_list(work, changes))
        work.tell(call.method, entity.data, conditions_of(changes))
    return True


def get(kind: Kind, call: Call, wanted: One) -> dict[str, Any]:
    """A user field of {what}, by its id."""
    work = Work(call)
    return _shown(work, kind, found(work.room, kind, wanted.id))


def lists(kind: Kind, call: Call, wanted: Wanted) -> object:
    """The user fields of {what}."""
    work = Work(call)
    condition = parse(wanted.filter, lambda name: kind.fields[name.upper()])
    order = order_in(wanted.order, lambda name: kind.fields[name.upper()])
    page = work.room.page(kind, condition, order, call.start)
    return listed(call, page, [_shown(work, kind, entity) for entity in page.items])


def delete(kind: Kind, call: Call, wanted: One) -> bool:
    """Delete a user field of {what}."""
    work = Work(call)
    with work.change() as room:
        entity = found(work.room, kind, wanted.id)
        room.delete(kind, entity.id)
        work.tell(call.method, entity.data)
    return True


def _with_list(work: Work, given: dict[str, Value]) -> dict[str, Value]:
    """The values of a list get ids of their own."""
    values = given.get("LIST")
    if not isinstance(values, list | dict):
        return given
    numbered: list[Value] = []
    for _, item in array_items(values):
        value = dict(array_items(item)) if isinstance(item, list | dict) else {"VALUE": item}
        if text_of(value.get("DEL")) == "Y":
            continue
        number = text_of(value.get("ID")) or str(work.room.store.next_id("enumeration"))
        numbered.append(
            {
                "ID": number,
                "SORT": text_of(value.get("SORT", 500)),
                "VALUE": text_of(value.get("VALUE")),
                "DEF": text_of(value.get("DEF", "N")),
            }
        )
    return {**given, "LIST": numbered}


def _map(value: object) -> dict[str, Value]:
    if not isinstance(value, list | dict):
        raise errors.NotArray(name="fields")
    return fields_in(value)


def _shown(work: Work, kind: Kind, entity: Entity) -> dict[str, Any]:
    labels = [n for n in ("EDIT_FORM_LABEL", "LIST_COLUMN_LABEL") if n in entity.data]
    names = [*kind.fields.shown, *labels]
    if entity.data.get("LIST"):
        names.append("LIST")
    return showing.selected(kind, entity, work.zone, (), names)


VERBS: families.Verbs = {
    "add": (add, New),
    "update": (update, Change),
    "get": (get, One),
    "list": (lists, Wanted),
    "delete": (delete, One),
}


for _name in USER_FIELDS:
    families.register(_name, VERBS, known(_name), _name.split(".")[1] + "s", ["crm"])
