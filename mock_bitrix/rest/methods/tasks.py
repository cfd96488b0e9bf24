"""`tasks.task.*`: tasks, and what becomes of them."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any

from pydantic import Field as Parameter

from mock_bitrix.entities import showing
from mock_bitrix.entities.conditions import parse
from mock_bitrix.entities.fields import Field, is_own
from mock_bitrix.entities.kinds import Kind, known
from mock_bitrix.entities.names import upper
from mock_bitrix.entities.room import Room
from mock_bitrix.entities.store import Entity
from mock_bitrix.php.values import Value, to_int, to_text
from mock_bitrix.rest.call import Call
from mock_bitrix.rest.errors import RestError
from mock_bitrix.rest.errors import entities as errors
from mock_bitrix.rest.registry import NoParameters, Parameters, method
from mock_bitrix.rest.work import Work, fields_in, listed, names_in, order_in, text_of

KIND: Kind = known("tasks.task")
WAITING, RUNNING, DONE, PUT_OFF = "2", "3", "5", "6"
"""Statuses of a task."""


class New(Parameters):
    """What to add."""

    fields: object = Parameter(None, description="the task's fields")


class One(Parameters):
    """Which task, and which of its fields."""

    taskid: object = Parameter(None, description="the task's id")
    select: object = None
    userid: object = None


class Change(One):
    """What to change."""

    fields: object = None


class Wanted(Parameters):
    """Which tasks to list."""

    order: object = None
    filter: object = None
    select: object = None


@method("tasks.task.add", New, scopes=["task"])
def add(call: Call, wanted: New) -> dict[str, Any]:
    """Add a task; give all of it."""
    given = _given(wanted.fields)
    if not given.get("TITLE"):
        raise errors.TaskTitleMissing
    if not given.get("RESPONSIBLE_ID"):
        raise errors.ResponsibleMissing
    _check_responsible(call, given)
    work = Work(call)
    with work.change() as room:
        entity = room.add(KIND, given)
        work.tell(call.method, entity.data)
    return {"task": _whole(work, entity)}


@method("tasks.task.update", Change, scopes=["task"])
def update(call: Call, wanted: Change) -> dict[str, Any]:
    """Change a task; give all of it."""
    return _changed(call, wanted, lambda: _given(wanted.fields))


@method("tasks.task.get", One, scopes=["task"])
def get(call: Call, wanted: One) -> object:
    """A task, by its id; an empty list where there is none."""
    work = Work(call)
    entity = work.room.get(KIND, _id(wanted.taskid))
    if entity is None:
        return []
    select = _select(wanted.select)
    shown = _selected(work, entity, select) if select else _whole(work, entity)
    return {"task": shown}


@method("tasks.task.list", Wanted, scopes=["task"])
def lists(call: Call, wanted: Wanted) -> object:
    """A page of 50 tasks; fields that don't exist are ignored in the filter."""
    work = Work(call)
    condition = parse(wanted.filter, _known)
    page = work.room.page(KIND, condition, order_in(wanted.order, _ordered), call.start)
    select = _select(wanted.select)
    shown = [_in_list(work, entity, select) for entity in page.items]
    return listed(call, page, {"tasks": shown})


@method("tasks.task.delete", One, scopes=["task"])
def delete(call: Call, wanted: One) -> dict[str, bool]:
    """Delete a task."""
    work = Work(call)
    with work.change() as room:
        entity = _find(room, wanted.taskid, errors.TaskDeleteNotAllowed)
        room.delete(KIND, entity.id)
        work.tell(call.method, entity.data)
    return {"task": True}


@method("tasks.task.getFields", NoParameters, scopes=["task"])
def fields(_: Call, __: NoParameters) -> dict[str, Any]:
    """The fields of tasks."""
    described = {
        name: {key: value for key, value in field.fact.items() if key != "name"}
        for name, field in KIND.fields.by_name.items()
    }
    return {"fields": described}


ACTIONS: dict[str, tuple[str, dict[str, Value]]] = {
    "complete": ("Complete a task.", {"STATUS": DONE}),
    "start": ("Begin with a task.", {"STATUS": RUNNING}),
    "pause": ("Stop working on a task for now.", {"STATUS": WAITING}),
    "defer": ("Put a task off.", {"STATUS": PUT_OFF}),
    "renew": ("Take a finished task up again.", {"STATUS": WAITING}),
    "approve": ("Accept a finished task.", {"STATUS": DONE}),
    "disapprove": ("Send a finished task back.", {"STATUS": WAITING}),
    "delegate": ("Hand a task over to another person.", {}),
    "startwatch": ("Observe a task.", {}),
    "stopwatch": ("Observe a task no longer.", {}),
}
"""Methods that change a task in one way: what they do, what they set."""


def _register(action: str, about: str, sets: dict[str, Value]) -> None:
    def run(call: Call, wanted: Change) -> dict[str, Any]:
        return _changed(call, wanted, lambda: _action(action, sets, wanted))

    run.__doc__ = about
    method(f"tasks.task.{action}", Change, scopes=["task"])(run)


for _name, (_about, _sets) in ACTIONS.items():
    _register(_name, _about, _sets)


def _action(action: str, sets: dict[str, Value], wanted: One) -> dict[str, Value]:
    if action == "delegate":
        return {"RESPONSIBLE_ID": to_int(wanted.userid)}
    return sets


def _changed(call: Call, wanted: One, given: Callable[[], dict[str, Value]]) -> dict[str, Any]:
    work = Work(call)
    with work.change() as room:
        entity = _find(room, wanted.taskid, errors.TaskActionNotAllowed)
        changes = given()
        _check_responsible(call, changes)
        if "watch" in call.method:
            changes = {"AUDITORS": _auditors(call, entity)}
        changed = room.update(KIND, entity, changes)
        work.tell(call.method, changed.data)
    return {"task": _whole(work, changed)}


def _auditors(call: Call, entity: Entity) -> list[Value]:
    me = call.caller.user.id
    others = [person for person in entity.data.get("AUDITORS") or [] if to_int(person) != me]
    return others if call.method.endswith("stopwatch") else [*others, me]


def _check_responsible(call: Call, given: dict[str, Value]) -> None:
    person = given.get("RESPONSIBLE_ID")
    if person is not None and call.emulator.directory.user(call.portal, to_int(person)) is None:
        raise errors.ResponsibleNotFound


def _given(value: object) -> dict[str, Value]:
    if not isinstance(value, list | dict):
        raise errors.TaskFieldsMissing
    return {upper(name): item for name, item in fields_in(value).items()}


def _id(given: object) -> int:
    if given is None:
        raise errors.TaskIdMissing
    if not isinstance(given, int | str) or to_int(given) <= 0:
        raise errors.TaskIdWrong
    return to_int(given)


def _find(room: Room, given: object, missing: type[RestError]) -> Entity:
    entity = room.get(KIND, _id(given))
    if entity is None:
        raise missing
    return entity


def _select(given: object) -> list[str]:
    if given is not None and not isinstance(given, list | dict):
        raise errors.TaskSelectInvalid
    names = [upper(name) for name in names_in(given)]
    return [] if "*" in names else names


def _known(name: str) -> Field | None:
    return KIND.known(upper(name))


def _ordered(name: str) -> Field:
    field = _known(name)
    if field is None:
        raise errors.TaskSortingInvalid
    return field


@functools.cache
def _card() -> dict[str, Any]:
    text = (files("mock_bitrix.entities") / "task_card.json").read_text(encoding="utf-8")
    card: dict[str, Any] = json.loads(text)
    return card


def _person(work: Work, number: object) -> dict[str, Any]:
    """A person as a task shows one."""
    user = work.call.emulator.directory.user(work.call.portal, to_int(number))
    name = f"{user.name} {user.last_name}".strip() if user else ""
    return {
        "id": to_text(number),
        "name": name,
        "link": f"/company/personal/user/{to_int(number)}/",
        "icon": "/bitrix/images/tasks/default_avatar.png",
        "workPosition": text_of(user.extra.get("WORK_POSITION", "")) if user else "",
    }


def _people(work: Work, numbers: Sequence[object]) -> dict[str, Any]:
    return {to_text(number): _person(work, number) for number in numbers}


def _whole(work: Work, entity: Entity) -> dict[str, Any]:
    data = entity.data
    own = [name for name in data if is_own(name)]
    return {
        **showing.task(KIND, entity, work.zone, [*KIND.fields.shown, *own]),
        "group": [],
        "creator": _person(work, data.get("CREATED_BY")),
        "responsible": _person(work, data.get("RESPONSIBLE_ID")),
        "accomplicesData": _people(work, data.get("ACCOMPLICES") or []),
        "auditorsData": _people(work, data.get("AUDITORS") or []),
        "newCommentsCount": 0,
        **_card(),
        "checkListCanAdd": True,
    }


def _selected(work: Work, entity: Entity, select: Sequence[str]) -> dict[str, Any]:
    """A task as `get` shows it with `select`: the people and the actions come unasked."""
    mail = ["UF_MAIL_MESSAGE"] if any(is_own(name) for name in select) else []
    names = [name for name in (*select, *mail) if KIND.takes(name)]
    names = list(dict.fromkeys([*names, "DESCRIPTION_IN_BBCODE", "FAVORITE"]))
    return {
        **showing.task(KIND, entity, work.zone, names),
        "group": [],
        **_people_of(work, entity, names),
        "action": _card()["action"],
    }


def _people_of(work: Work, entity: Entity, names: Sequence[str]) -> dict[str, Any]:
    roles = {"CREATED_BY": "creator", "RESPONSIBLE_ID": "responsible"}
    return {
        role: _person(work, entity.data.get(name)) for name, role in roles.items() if name in names
    }


def _in_list(work: Work, entity: Entity, select: Sequence[str]) -> dict[str, Any]:
    names = [name for name in select or KIND.fields.shown if KIND.takes(name)]
    if not select:
        names += [name for name in entity.data if is_own(name)]
    names = list(dict.fromkeys(["ID", *names]))
    data = entity.data
    return {
        **showing.task(KIND, entity, work.zone, names),
        "group": [],
        **_people_of(work, entity, names),
        "accomplicesData": _people(work, data.get("ACCOMPLICES") or []),
        "auditorsData": _people(work, data.get("AUDITORS") or []),
        "subStatus": to_text(data.get("STATUS")),
    }
