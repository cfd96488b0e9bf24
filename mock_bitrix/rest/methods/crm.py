"""Older CRM methods: leads, deals, contacts, companies, estimates, activities, comments.

One function a verb; the table at the end says which kinds have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mock_bitrix.entities import kinds, showing
from mock_bitrix.entities.conditions import parse
from mock_bitrix.entities.kinds import Kind
from mock_bitrix.entities.store import Entity
from mock_bitrix.php.values import Value, is_array, to_text
from mock_bitrix.rest import families
from mock_bitrix.rest.call import Call
from mock_bitrix.rest.errors import RestError
from mock_bitrix.rest.errors import entities as errors
from mock_bitrix.rest.families import One, Selected, found
from mock_bitrix.rest.registry import NoParameters
from mock_bitrix.rest.work import Work, equal, fields_in, listed, names_in, order_in


class New(families.New):
    """What to add, and how."""

    params: object = None


class Change(families.Change):
    """What to change, and how."""

    params: object = None


@dataclass(frozen=True, slots=True)
class Family:
    """A kind as older CRM methods serve it: its texts for what is missing, its requirements."""

    kind: Kind
    what: str
    missing: type[RestError] = errors.NotFound
    gone: type[RestError] = errors.NotFound
    required: tuple[str, ...] = ()


def add(family: Family, call: Call, wanted: New) -> int:
    """Add {what}; give its id."""
    given = _map("fields", wanted.fields)
    _check_params(wanted.params)
    _check_required(family, given)
    work = Work(call)
    with work.change() as room:
        entity = room.add(family.kind, given)
        work.tell(call.method, entity.data)
    return entity.id


def update(family: Family, call: Call, wanted: Change) -> bool:
    """Change {what}."""
    work = Work(call)
    with work.change() as room:
        entity = found(room, family.kind, wanted.id, family.missing)
        given = _map("fields", wanted.fields)
        _check_params(wanted.params)
        changed = room.update(family.kind, entity, given)
        work.tell(call.method, changed.data)
    return True


def get(family: Family, call: Call, wanted: One) -> dict[str, Any]:
    """{what}, by its id."""
    work = Work(call)
    entity = found(work.room, family.kind, wanted.id, family.missing)
    return showing.whole(family.kind, entity, work.zone, work.own_names(family.kind))


def lists(family: Family, call: Call, wanted: Selected) -> object:
    """A page of 50 of {what}; fields that don't exist are ignored in filter and order."""
    kind, work = family.kind, Work(call)
    for name, value in (("order", wanted.order), ("filter", wanted.filter)):
        _map(name, value)
    condition, order = parse(wanted.filter, kind.known), order_in(wanted.order, kind.known)
    page = work.room.page(kind, condition, order, call.start)
    select, declared = names_in(wanted.select), work.own_names(kind)
    shown = [showing.selected(kind, e, work.zone, declared, select) for e in page.items]
    return listed(call, page, shown)


def delete(family: Family, call: Call, wanted: One) -> bool:
    """Delete {what}, with the activities and comments that hang on it alone."""
    work = Work(call)
    with work.change() as room:
        entity = found(room, family.kind, wanted.id, family.gone)
        remove(work, family.kind, entity)
        work.tell(call.method, entity.data)
    return True


def fields(family: Family, call: Call, _: NoParameters) -> dict[str, Any]:
    """The fields of {what}."""
    described = {
        name: showing.described(field) for name, field in family.kind.fields.by_name.items()
    }
    declared = Work(call).user_fields(family.kind)
    return described | {e.data["FIELD_NAME"]: showing.described_own(e.data) for e in declared}


def remove(work: Work, kind: Kind, entity: Entity) -> None:
    """Delete an entity and what hangs on it; of activities that go, their event tells."""
    room = work.room
    room.delete(kind, entity.id)
    if kind.type_id is None:
        return
    activities, comments = kinds.known("crm.activity"), kinds.known("crm.timeline.comment")
    owner: dict[str, Value] = {"OWNER_TYPE_ID": kind.type_id, "OWNER_ID": entity.id}
    for activity in list(room.matching(activities, equal(activities, owner))):
        room.delete(activities, activity.id)
        work.tell("crm.activity.delete", activity.data)
    name = kind.name.removeprefix("crm.").replace("item.", "dynamic_")
    written: dict[str, Value] = {"ENTITY_TYPE": name, "ENTITY_ID": entity.id}
    for comment in list(room.matching(comments, equal(comments, written))):
        room.delete(comments, comment.id)


def _map(name: str, value: object) -> dict[str, Any]:
    if value is not None and not is_array(value):
        raise errors.NotArray(name=name)
    if value is None and name == "fields":
        raise errors.NotArray(name=name)
    return fields_in(value)


def _check_required(family: Family, given: dict[str, Any]) -> None:
    for name in family.required:
        by_provider = name == "COMMUNICATIONS" and given.get("PROVIDER_ID")
        if not given.get(name) and not by_provider:
            text = family.kind.fields[name].group == "text"
            raise errors.FieldNotDefined(name=name, how="empty" if text else "invalid")


def _check_params(value: object) -> None:
    if value is not None and not is_array(value) and to_text(value):
        raise errors.NotArray(name="params")


VERBS: families.Verbs = {
    "add": (add, New),
    "update": (update, Change),
    "get": (get, One),
    "list": (lists, Selected),
    "delete": (delete, One),
    "fields": (fields, NoParameters),
}


FAMILIES = (
    Family(kinds.known("crm.lead"), "leads"),
    Family(kinds.known("crm.deal"), "deals"),
    Family(kinds.known("crm.contact"), "contacts", gone=errors.ContactNotFound),
    Family(kinds.known("crm.company"), "companies", gone=errors.CompanyNotFound),
    Family(kinds.known("crm.quote"), "estimates"),
    Family(
        kinds.known("crm.activity"),
        "activities",
        missing=errors.ActivityNotFound,
        gone=errors.ActivityNotFound,
        required=("SUBJECT", "RESPONSIBLE_ID", "TYPE_ID", "COMMUNICATIONS"),
    ),
    Family(kinds.known("crm.timeline.comment"), "comments", required=("ENTITY_ID", "ENTITY_TYPE")),
)


for _family in FAMILIES:
    families.register(_family.kind.name, VERBS, _family, _family.what, ["crm"])
