"""Documented methods of a common form, on a store of their own under their prefix.

What ends in add, get, list, update, delete or fields keeps whatever it is given, with the
envelope, the ids and the event of its family. It checks nothing, so its answers say `generic`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mock_bitrix.entities import kinds, showing
from mock_bitrix.entities.conditions import parse
from mock_bitrix.entities.fields import Field
from mock_bitrix.entities.kinds import Kind
from mock_bitrix.entities.names import upper
from mock_bitrix.entities.store import Entity
from mock_bitrix.php.values import LARGEST, Value, to_int, to_text
from mock_bitrix.portal.scopes import GLOBAL
from mock_bitrix.rest import documented
from mock_bitrix.rest.call import Call
from mock_bitrix.rest.errors import entities as errors
from mock_bitrix.rest.registry import Given, Method
from mock_bitrix.rest.work import Work, conditions_of, equal, fields_in, listed, order_in

ENDINGS = {
    "add": "add",
    "create": "add",
    "get": "get",
    "list": "list",
    "getlist": "list",
    "update": "update",
    "delete": "delete",
    "fields": "fields",
    "getfields": "fields",
}
"""Last parts of names, and the verbs that they are."""

NESTED = (
    "booking.",
    "catalog.",
    "crm.automatedsolution.",
    "crm.category.",
    "crm.documentgenerator.",
    "crm.item.",
    "documentgenerator.",
    "rpa.",
    "sale.",
    "tasks.",
    "userfieldconfig.",
)
"""Families whose answers name what they hold: {"price": {…}}; their ids are numbers."""

_CONTROL = ("order", "sort", "select", "filter", "start", "limit", "params")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a generic method works on: a kind, under a name; `nested`: answers name it."""

    name: str
    kind: Kind
    noun: str
    nested: bool
    crm: bool

    @property
    def nouns(self) -> str:
        """More than one of it."""
        return f"{self.noun[:-1]}ies" if self.noun.endswith("y") else f"{self.noun}s"

    @property
    def id_name(self) -> str:
        """The id's name in answers."""
        return "id" if self.nested else "ID"


def find(name: str) -> Method | None:
    """The generic method of that name, in whatever case."""
    return _methods().get(name.lower())


def every() -> list[Method]:
    """All generic methods, in the order of the documentation."""
    return list(_methods().values())


@functools.cache
def _methods() -> dict[str, Method]:
    from mock_bitrix.rest.further import FURTHER  # which builds on this module

    endings = {name: ENDINGS.get(name.rpartition(".")[2].lower()) for name in documented.names()}
    verbs = {name: VERBS[verb] for name, verb in endings.items() if verb and "." in name}
    return {name.lower(): _method(name, verb) for name, verb in (verbs | FURTHER).items()}


def _method(name: str, function: Verb) -> Method:
    subject = subject_of(name)

    def run(call: Call, wanted: Given) -> object:
        return function(subject, call, wanted.given)

    run.__doc__ = (function.__doc__ or "").format(what=subject.noun)
    scope = documented.scope_of(name) or GLOBAL
    scopes = () if scope == GLOBAL else (scope,)
    return Method(name, run, Given, (), scopes, kind="generic")


def subject_of(name: str) -> Subject:
    """What a documented method works on."""
    prefix = name.rpartition(".")[0]
    kind = kinds.find(prefix.lower())
    assert kind is not None, "every documented prefix has a kind"
    noun = prefix.rpartition(".")[2]
    nested = name.lower().startswith(NESTED)
    crm = name.lower().startswith("crm.") and not nested
    return Subject(name, kind, noun[0].lower() + noun[1:], nested, crm)


def add(subject: Subject, call: Call, given: Mapping[str, Value]) -> object:
    """Keep a new {what}."""
    work = Work(call)
    fields = _fields(subject, given)
    with work.change() as room:
        entity = room.add(subject.kind, fields)
        tell(work, subject, entity, fields)
    if subject.nested:
        return {subject.noun: _shown(subject, work, entity)}
    code = subject.kind.code
    return to_text(entity.data.get(code)) if code else entity.id


def _update(subject: Subject, call: Call, given: Mapping[str, Value]) -> object:
    """Change a {what}."""
    work = Work(call)
    fields = _fields(subject, given)
    with work.change() as room:
        entity = room.update(subject.kind, _one(subject, work, given), fields)
        tell(work, subject, entity, fields)
    return {subject.noun: _shown(subject, work, entity)} if subject.nested else True


def _get(subject: Subject, call: Call, given: Mapping[str, Value]) -> object:
    """One {what}, by its id; without an id, a page of them."""
    if id_in(subject, given) is None and not subject.crm:
        return _list(subject, call, given)
    work = Work(call)
    shown = _shown(subject, work, _one(subject, work, given))
    return {subject.noun: shown} if subject.nested else shown


def _list(subject: Subject, call: Call, given: Mapping[str, Value]) -> object:
    """A page of 50."""
    work = Work(call)

    def resolve(name: str) -> Field:
        return subject.kind.fields["ID" if name.upper() == "ID" else name]

    chosen = parse(_filter(given), resolve)
    page = work.room.page(
        subject.kind, chosen, order_in(_folded(given).get("order"), resolve), call.start
    )
    shown = [_shown(subject, work, entity) for entity in page.items]
    return listed(call, page, {subject.nouns: shown} if subject.nested else shown)


def _delete(subject: Subject, call: Call, given: Mapping[str, Value]) -> bool:
    """Forget a {what}."""
    work = Work(call)
    with work.change() as room:
        entity = _one(subject, work, given)
        room.delete(subject.kind, entity.id)
        tell(work, subject, entity, {})
    return True


def _describe(subject: Subject, call: Call, _: Mapping[str, Value]) -> object:
    """The fields of {what}: those that were described, or that there are values of."""
    names = dict.fromkeys([subject.id_name, *subject.kind.fields.by_name])
    for entity in Work(call).room.store.every(subject.kind.name, 0, LARGEST):
        names |= dict.fromkeys(name for name in entity.data if name != "ID")
    described = {
        name: {
            "type": "integer" if name == subject.id_name else "string",
            "isRequired": False,
            "isReadOnly": name == subject.id_name,
            "isImmutable": False,
            "isMultiple": False,
            "isDynamic": False,
            "title": name,
        }
        for name in names
    }
    return {subject.noun: described} if subject.nested else described


Verb = Callable[[Subject, Call, Mapping[str, Value]], object]
VERBS: dict[str, Verb] = {
    "add": add,
    "update": _update,
    "get": _get,
    "list": _list,
    "delete": _delete,
    "fields": _describe,
}


def tell(work: Work, subject: Subject, entity: Entity, given: Mapping[str, Value]) -> None:
    """The events of a change to an entity, with these fields."""
    values = {upper(name): value for name, value in entity.data.items()} | entity.data
    if subject.kind.code:
        values["ID"] = entity.data.get(subject.kind.code)
    work.tell(subject.name, {**values, "id": values["ID"]}, conditions_of(dict(given)))


def _folded(given: Mapping[str, Value]) -> dict[str, Value]:
    return {name.lower(): value for name, value in given.items()}


def _fields(subject: Subject, given: Mapping[str, Value]) -> dict[str, Value]:
    """What is to be kept: the map of fields, or every parameter but the id."""
    folded = _folded(given)
    for name in ("fields", "field", "data"):
        if isinstance(folded.get(name), list | dict):
            return _kept(subject, fields_in(folded[name]))
    named = _id_parameter(subject, given)
    return _kept(subject, {k: v for k, v in given.items() if k != named})


def _kept(subject: Subject, fields: Mapping[str, Value]) -> dict[str, Value]:
    if subject.kind.open:
        return {name: value for name, value in fields.items() if name.upper() != "ID"}
    return {upper(name): value for name, value in fields.items()}


def _id_parameter(subject: Subject, given: Mapping[str, Value]) -> str | None:
    """The parameter that names one entity: `id`, the noun's own, or any that ends so."""
    names = {name.lower(): name for name in given}
    for wanted in ("id", f"{subject.noun.lower()}id", f"{subject.noun.lower()}_id"):
        if wanted in names:
            return names[wanted]
    return next((name for low, name in names.items() if low.endswith("id")), None)


def id_in(subject: Subject, given: Mapping[str, Value]) -> Value:
    """The id that the parameters give, if they do."""
    name = _id_parameter(subject, given)
    return None if name is None else given[name]


def _one(subject: Subject, work: Work, given: Mapping[str, Value]) -> Entity:
    """The entity that is meant; where no id is given, the one whose ids fit the fields."""
    found: Entity | None
    named = id_in(subject, given)
    if named is None:
        fields = _fields(subject, given).items()
        keys = {name: value for name, value in fields if "ID" in upper(name).split("_")}
        fitting = work.room.matching(subject.kind, equal(subject.kind, keys)) if keys else ()
        found = next(iter(fitting), None)
    elif subject.kind.code:
        found = work.room.store.by_code(subject.kind.name, to_text(named))
    else:
        found = work.room.get(subject.kind, to_int(named))
    if found is None:
        raise errors.NotFound if subject.crm else errors.GenericNotFound
    return found


def _filter(given: Mapping[str, Value]) -> Value:
    folded = _folded(given)
    if isinstance(folded.get("filter"), list | dict):
        return folded["filter"]
    return {
        name: value
        for name, value in given.items()
        if name.lower() not in _CONTROL and not isinstance(value, list | dict)
    }


def _shown(subject: Subject, work: Work, entity: Entity) -> dict[str, Any]:
    """An entity with what it was given; ids are texts, but in families that show numbers."""
    if not subject.kind.open:
        return _of_table(subject, work, entity)
    number = entity.id if subject.nested else str(entity.id)
    own = {name: value for name, value in entity.data.items() if name != "ID"}
    return own if subject.kind.code else {subject.id_name: number, **own}


def _of_table(subject: Subject, work: Work, entity: Entity) -> dict[str, Any]:
    if subject.nested:
        return showing.numbers(subject.kind, entity, work.zone, subject.kind.fields.shown)
    return showing.whole(subject.kind, entity, work.zone, ())
