"""`department.*`: the company's structure. Fields are parameters, not a map of them."""

from __future__ import annotations

from typing import Any

from mock_bitrix.entities import showing
from mock_bitrix.entities.conditions import Group, Test
from mock_bitrix.entities.kinds import known
from mock_bitrix.entities.store import Entity
from mock_bitrix.php.values import LARGEST, Value, to_int
from mock_bitrix.rest.call import Call
from mock_bitrix.rest.errors import entities as errors
from mock_bitrix.rest.registry import NoParameters, method
from mock_bitrix.rest.work import Anything, Work, listed, text_of

KIND = known("department")


@method("department.add", Anything, scopes=["department"])
def add(call: Call, wanted: Anything) -> int:
    """Add a department; give its id."""
    if not text_of(wanted.given.get("NAME")):
        raise errors.DepartmentNameMissing
    work = Work(call)
    with work.change() as room:
        top = not to_int(wanted.given.get("PARENT"))
        if top and any(_is_top(entity) for entity in room.store.every(KIND.name, 0, LARGEST)):
            raise errors.OneTopDepartment
        return room.add(KIND, wanted.given).id


@method("department.update", Anything, scopes=["department"])
def update(call: Call, wanted: Anything) -> bool:
    """Change a department."""
    work = Work(call)
    with work.change() as room:
        room.update(KIND, _find(work, wanted), wanted.given)
    return True


@method("department.get", Anything, scopes=["department"])
def get(call: Call, wanted: Anything) -> object:
    """A page of 50 departments: those whose fields have the given values."""
    work, given = Work(call), wanted.given
    tests = [
        Test("=", KIND.fields[name], value)
        for name, value in given.items()
        if name in KIND.fields.by_name and name != "SORT"
    ]
    by = text_of(given.get("SORT")).upper() or "ID"
    order = [(KIND.fields[by], text_of(given.get("ORDER")).upper() == "DESC")]
    page = work.room.page(KIND, Group(tuple(tests)), order, call.start)
    return listed(call, page, [_shown(work, entity) for entity in page.items])


@method("department.delete", Anything, scopes=["department"])
def delete(call: Call, wanted: Anything) -> bool:
    """Delete a department."""
    work = Work(call)
    with work.change() as room:
        room.delete(KIND, _find(work, wanted).id)
    return True


@method("department.fields", NoParameters, scopes=["department"])
def fields(_: Call, __: NoParameters) -> dict[str, str]:
    """The names of a department's fields."""
    return {name: field.fact["title"] for name, field in KIND.fields.by_name.items()}


def _is_top(entity: Entity) -> bool:
    return not entity.data.get("PARENT")


def _find(work: Work, wanted: Anything) -> Entity:
    entity = work.room.get(KIND, to_int(wanted.given.get("ID")))
    if entity is None:
        raise errors.DepartmentNotFound
    return entity


def _shown(work: Work, entity: Entity) -> dict[str, Any]:
    names = [name for name in KIND.fields.shown if entity.data.get(name) is not None]
    shown: dict[str, Value] = showing.selected(KIND, entity, work.zone, (), names)
    return shown | {"SORT": entity.data.get("SORT")}
