"""Documented methods of a form of their own that cause events, on the store of the generic ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mock_bitrix.entities.kinds import Kind, known
from mock_bitrix.entities.store import Entity
from mock_bitrix.php.values import Value, array_items, to_int, to_text
from mock_bitrix.rest.call import Call
from mock_bitrix.rest.errors import RestError
from mock_bitrix.rest.errors import entities as errors
from mock_bitrix.rest.generic import Subject, Verb, add, id_in, subject_of, tell
from mock_bitrix.rest.work import Work, equal, fields_in

ACTIVITY, TASK = known("crm.activity"), known("tasks.task")


def _setting(field: str, parameter: str = "value") -> Verb:
    """A method that changes one field of a planned activity."""

    def change(subject: Subject, call: Call, given: Mapping[str, Value]) -> dict[str, int]:
        """Change one thing about a planned activity; give its id."""
        for name in ("id", "ownerTypeId", "ownerId", parameter):
            _needed(given, name)
        work = Work(call)
        with work.change() as room:
            activity = _found(work, ACTIVITY, given.get("id"), errors.TodoNotFound)
            if activity.data.get("COMPLETED") == "Y":
                raise errors.TodoCompleted
            value = _set(activity, field, given[parameter])
            tell(work, subject, room.update(ACTIVITY, activity, {field: value}), {})
        return {"id": activity.id}

    return change


def _set(activity: Entity, field: str, value: Value) -> Value:
    if field != "SETTINGS":
        return value
    return {**fields_in(activity.data.get(field)), "COLOR": value}


def _exposing(copied: str, missing: type[RestError]) -> Verb:
    """A method that makes what a template of the kind `copied` describes."""

    def expose(subject: Subject, call: Call, given: Mapping[str, Value]) -> dict[str, int]:
        """Make a new one from a template; give its id."""
        kind, link = subject_of(f"{copied}.add").kind, f"{copied.rpartition('.')[2].upper()}_ID"
        if to_int(id_in(subject, given)) <= 0:
            raise errors.RecurringIdInvalid
        work = Work(call)
        with work.change() as room:
            template = _found(work, subject.kind, id_in(subject, given), missing)
            pattern = room.get(kind, to_int(template.data.get(link)))
            made = room.add(kind, dict(pattern.data) if pattern else {}, anything=True)
            told = {**template.data, f"RECURRING_{link}": template.data.get(link), link: made.id}
            tell(work, subject, Entity(template.id, told), {})
        return {link: made.id}

    return expose


def _making(source: str, parameter: str, missing: type[RestError]) -> Verb:
    """A method that makes one thing out of another one: a booking out of a wait."""

    def make(subject: Subject, call: Call, given: Mapping[str, Value]) -> int:
        """Make a new one out of what was there; give its id."""
        _needed(given, parameter)
        work = Work(call)
        with work.change() as room:
            before = _found(work, subject_of(f"{source}.add").kind, given[parameter], missing)
            kept = {name: value for name, value in before.data.items() if name != "ID"}
            made = room.add(subject.kind, kept | fields_in(given.get("fields")))
            tell(work, subject, made, {})
        return made.id

    return make


def _set_values(subject: Subject, call: Call, given: Mapping[str, Value]) -> dict[str, Any]:
    """Set all property values of an order: what is not among them is deleted."""
    order = fields_in(fields_in(given.get("fields")).get("order"))
    if not order:
        raise errors.ValueMissing(name="fields")
    work, number = Work(call), to_int(order.get("id"))
    wanted = [fields_in(each) for _, each in array_items(_items(order.get("propertyValues")))]
    with work.change() as room:
        matching = room.matching(subject.kind, equal(subject.kind, {"orderId": number}))
        old = {_property(each.data): each for each in matching}
        kept = []
        for values in wanted:
            before = old.pop(_property(values), None)
            fields = {**values, "orderId": number}
            if before is None:
                kept.append(room.add(subject.kind, fields))
            else:
                kept.append(room.update(subject.kind, before, fields))
            tell(work, subject, kept[-1], {})
        for gone in old.values():
            room.delete(subject.kind, gone.id)
    return {"propertyValues": [{"id": each.id, **_own(each)} for each in kept]}


def _moved(subject: Subject, call: Call, given: Mapping[str, Value]) -> bool:
    """Move a task to another stage of its board."""
    _needed(given, "stageId")
    _touched(subject, call, given, "id", {"STAGE_ID": given["stageId"]})
    return True


def _attached(subject: Subject, call: Call, given: Mapping[str, Value]) -> dict[str, int]:
    """Attach a file of the drive to a task; give the attachment's id."""
    _needed(given, "fileId")
    work = _touched(subject, call, given, "taskId", {})
    return {"attachmentId": work.room.store.next_id("attachment")}


def _touched(
    subject: Subject, call: Call, given: Mapping[str, Value], name: str, fields: dict[str, Value]
) -> Work:
    if to_int(given.get(name)) <= 0:
        raise errors.TaskIdWrong
    work = Work(call)
    with work.change() as room:
        task = _found(work, TASK, given[name], errors.TaskActionNotAllowed)
        tell(work, subject, room.update(TASK, task, fields), {})
    return work


def _needed(given: Mapping[str, Value], name: str) -> None:
    if given.get(name) is None:
        raise errors.ValueMissing(name=name)


def _found(work: Work, kind: Kind, given: Value, missing: type[RestError]) -> Entity:
    entity = work.room.get(kind, to_int(given))
    if entity is None:
        raise missing
    return entity


def _items(value: Value) -> Any:
    return value if isinstance(value, list | dict) else []


def _property(values: Mapping[str, Any]) -> str:
    return to_text(values.get("orderPropsId"))


def _own(entity: Entity) -> dict[str, Any]:
    return {name: value for name, value in entity.data.items() if name != "ID"}


FURTHER: dict[str, Callable[..., object]] = {
    "booking.v1.booking.createfromwaitlist": _making(
        "booking.v1.waitlist", "waitListId", errors.WaitlistItemNotFound
    ),
    "booking.v1.waitlist.createfrombooking": _making(
        "booking.v1.booking", "bookingId", errors.BookingNotFound
    ),
    "crm.activity.todo.updateColor": _setting("SETTINGS", "colorId"),
    "crm.activity.todo.updateDeadline": _setting("DEADLINE"),
    "crm.activity.todo.updateDescription": _setting("DESCRIPTION"),
    "crm.activity.todo.updateResponsibleUser": _setting("RESPONSIBLE_ID", "responsibleId"),
    "crm.deal.recurring.expose": _exposing("crm.deal", errors.RecurringDealNotFound),
    "crm.documentgenerator.document.upload": add,
    "crm.invoice.recurring.expose": _exposing("crm.invoice", errors.NotFound),
    "sale.propertyvalue.modify": _set_values,
    "task.stages.movetask": _moved,
    "tasks.task.files.attach": _attached,
}
"""The methods, each with what it does; their answers say `generic`, too."""
