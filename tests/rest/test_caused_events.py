"""Every documented method that is answered causes the events that the documentation names."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mock_bitrix.entities import events
from mock_bitrix.events import catalogue
from mock_bitrix.portal.scopes import DEFAULT_SCOPES
from mock_bitrix.rest import generic, methods, registry
from mock_bitrix.rest.further import FURTHER
from mock_bitrix.testing import MockBitrix
from tests.support import Json, TestPortal, install_portal

assert methods.__all__  # they are registered when they are imported
ANSWERED = sorted(
    {row.method for row in events.every() if registry.find(row.method) or generic.find(row.method)}
)
GIVEN: dict[str, Json] = {
    "catalog.product": {"name": "Tea", "iblockId": 23},
    "crm.activity": {
        "SUBJECT": "Call",
        "RESPONSIBLE_ID": 1,
        "TYPE_ID": 2,
        "COMMUNICATIONS": [{"VALUE": "555"}],
    },
    "crm.address": {"TYPE_ID": 1, "ENTITY_TYPE_ID": 8, "ENTITY_ID": 1},
    "crm.currency": {"CURRENCY": "CHE"},
    "crm.timeline.comment": {"ENTITY_ID": 2, "ENTITY_TYPE": "deal", "COMMENT": "x"},
    "crm.type": {"title": "Process"},
    "task.commentitem": {"POST_MESSAGE": "x"},
    "tasks.task": {"TITLE": "x", "RESPONSIBLE_ID": 1},
    "userfield": {"FIELD_NAME": "X", "USER_TYPE_ID": "enumeration", "LIST": [{"VALUE": "1"}]},
    "userfieldconfig": {
        "entityId": "CRM_13",
        "fieldName": "UF_CRM_13_1",
        "userTypeId": "enumeration",
        "enum": [{"value": "1"}],
    },
}
"""What it takes to add one; by prefix, or its last part."""

ADDED_BY = {"sonet_group": "create"}


class Watched:
    """A portal whose application hears of everything, and a webhook that changes things."""

    def __init__(self, portal: TestPortal) -> None:
        self.portal = portal

    def heard(self) -> list[tuple[str, Json]]:
        """The events since last time, with their data."""
        taken = self.portal.admin("event.offline.get", limit=500).result["events"]
        return [(event["EVENT_NAME"], event["EVENT_DATA"]) for event in taken]

    def call(self, method: str, **parameters: Json) -> Json:
        return self.portal.webhook(method, **parameters).result

    def place(self, prefix: str) -> dict[str, Json]:
        """The parameters that say where to add an entity."""
        if prefix == "task.dependence":
            return {"taskIdFrom": 1, "taskIdTo": 7}
        if prefix == "task.commentitem":
            return {"TASKID": self.subject("tasks.task")["taskId"]}
        if prefix == "crm.item":
            self.call("crm.type.add", fields={"title": "Process"})
            return {"entityTypeId": 1030}
        return {}

    def subject(self, prefix: str) -> dict[str, Json]:
        """Add an entity; give the parameters that name it."""
        given = fields_of(prefix)
        place = self.place(prefix)
        if prefix == "task.dependence":
            self.call("task.dependence.add", **place)
            return place
        if prefix == "sale.propertyvalue":
            return {"id": 5}  # from the fixture: no method adds one
        if prefix == "task.commentitem":
            return {**place, "ITEMID": self.call("task.commentitem.add", **place, FIELDS=given)}
        verb = ADDED_BY.get(prefix, "add")
        if prefix == "crm.item":
            added = self.call("crm.item.add", **place, fields={})
            return {**place, "id": added["item"]["id"]}
        added = self.call(f"{prefix}.{verb}", fields=given)
        if prefix == "crm.address":
            return {"fields": given}
        number = next(iter(added.values()))["id"] if isinstance(added, dict) else added
        return {"taskId" if prefix == "tasks.task" else "id": number}


def fields_of(prefix: str) -> Json:
    """What it takes to add one."""
    return GIVEN.get(prefix) or GIVEN.get(prefix.rpartition(".")[2]) or product(prefix)


def product(prefix: str) -> Json:
    return GIVEN["catalog.product"] if prefix.startswith("catalog.product") else {"NAME": "x"}


@pytest.fixture(scope="module")
def server() -> Iterator[MockBitrix]:
    with MockBitrix() as running:
        yield running


@pytest.fixture
def watched(server: MockBitrix, http: Json) -> Watched:
    every = {code: catalogue.find(code) for code in catalogue.codes(None)}
    codes = [code for code, event in every.items() if event and event.offline]
    bindings = [{"event": code, "type": "offline"} for code in codes]
    scope = list(DEFAULT_SCOPES)
    document = {
        "webhooks": [{"user": 1, "scope": scope}],
        "entities": {"sale.propertyvalue": [{"id": 5}]},
        "apps": [{"scope": scope, "tokens": [{"user": 1}], "bindings": bindings}],
    }
    return Watched(install_portal(server, http, document))


OTHERWISE = {
    "crm.item.update",
    "telephony.externalCall.finish",
    "telephony.externalCall.register",
    *FURTHER,
}
"""Methods that have tests of their own."""


@pytest.mark.parametrize("method", [name for name in ANSWERED if name not in OTHERWISE])
def test_a_method_causes_its_events(watched: Watched, method: str) -> None:
    prefix, _, verb = method.rpartition(".")
    adds = verb in ("add", "create")
    named = watched.place(prefix) if adds else watched.subject(prefix)
    fields = {} if prefix == "task.dependence" else {"fields": {"TITLE": "y", **fields_of(prefix)}}
    watched.heard()

    result = watched.call(method, **{**fields, "userId": 1, **named})

    heard = dict(watched.heard())
    number = id_of(named) if fields == {} or not adds else id_of(result)
    rows = [row for row in events.causes(method) if row.event in heard]
    assert set(heard) == {row.event for row in events.causes(method) if "{" not in row.event}
    for row in rows:
        assert shape(heard[row.event]) == shape(row.data)
        assert str(number) in leaves(heard[row.event])


def id_of(value: Json) -> Json:
    """The id in a result, or among parameters that name something."""
    if not isinstance(value, dict):
        return value
    names = ("ITEMID", "taskIdTo", "ENTITY_ID", "taskId", "id")
    found = next((value[name] for name in names if name in value), None)
    return found if found is not None else id_of(next(iter(value.values())))


def leaves(data: Json) -> list[str]:
    """All values in event data, as texts."""
    if isinstance(data, dict):
        return [leaf for value in data.values() for leaf in leaves(value)]
    return [str(data)]


def shape(data: Json) -> Json:
    """Names and types of event data, and that the ids in it are real."""
    if isinstance(data, dict):
        return {name: shape(value) for name, value in data.items()}
    if data in ("undefined", "Y", "N", "EDIT", "DEL", "save", "delete"):
        return data
    if isinstance(data, str) and data.endswith(":int}"):
        return "number"
    return "number" if isinstance(data, int) else "text"


def test_every_method_of_the_table_is_answered() -> None:
    assert {row.method for row in events.every()} == set(ANSWERED)
    assert set(FURTHER) < set(ANSWERED)


def test_no_event_tells_of_an_invited_user(watched: Watched) -> None:
    assert watched.call("user.add", EMAIL="new@example.com", UF_DEPARTMENT=[1])

    assert watched.heard() == []
