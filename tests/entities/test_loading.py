"""Entities from a fixture, and back."""

from __future__ import annotations

from typing import Any

import pytest

from mock_bitrix.portal.paths import LoadError
from mock_bitrix.portal.snapshot import snapshot
from tests.support import TestPortal, install_portal

UNKNOWN = 'entities.crm.laed: "crm.laed" is no kind of entity; did you mean crm.lead?'
ENTITIES: dict[str, list[dict[str, Any]]] = {
    "crm.lead": [
        {"ID": 5, "TITLE": "Website request", "STATUS_ID": "NEW", "OPPORTUNITY": "10.50"},
        {"TITLE": "Another", "PHONE": [{"VALUE": "555"}], "DATE_CREATE": "2024-01-01T10:00:00"},
    ],
    "tasks.task": [{"id": 2, "title": "Call back"}],
    "crm.type": [{"ID": 3, "title": "Visits", "entityTypeId": 1220}],
    "crm.item.1220": [{"ID": 1, "title": "Visit"}],
    "catalog.pricetype": [{"id": 4, "name": "RETAIL"}],
    "crm.currency": [{"CURRENCY": "CHE"}],
    "department": [{"ID": 1, "NAME": "Company"}],
}


@pytest.fixture
def filled(portal: TestPortal) -> TestPortal:
    """A portal that holds entities, and whose application hears of leads."""
    bindings = [{"event": "ONCRMLEADADD", "type": "offline"}]
    scope = ["crm", "task", "catalog", "department"]
    document = {
        "portal": {"timezone": "Europe/Berlin"},
        "webhooks": [{"user": 1, "scope": scope}],
        "apps": [{"scope": scope, "tokens": [{"user": 1}], "bindings": bindings}],
        "entities": ENTITIES,
    }
    return install_portal(portal.server, portal.http, document)


def test_what_is_loaded_is_there_and_nobody_hears_of_it(filled: TestPortal) -> None:
    call = filled.webhook
    lead = call("crm.lead.get", id=5).result

    assert (lead["TITLE"], lead["OPPORTUNITY"], lead["CREATED_BY_ID"]) == (
        "Website request",
        "10.50",
        "1",
    )
    assert call("tasks.task.get", taskId=2).result["task"]["title"] == "Call back"
    item = call("crm.item.get", entityTypeId=1220, id=1).result["item"]
    assert (item["title"], item["stageId"]) == ("Visit", "DT1220_1:NEW")
    assert call("catalog.priceType.get", id=4).result == {"priceType": {"id": 4, "name": "RETAIL"}}
    assert call("crm.currency.get", id="CHE").result == {"CURRENCY": "CHE"}
    assert filled.queue() == []


def test_ids_go_on_after_the_highest_one(filled: TestPortal) -> None:
    call = filled.webhook
    another = call("crm.lead.get", id=6).result

    assert another["TITLE"] == "Another"
    assert another["DATE_CREATE"] == "2024-01-01T10:00:00+01:00"
    assert another["PHONE"][0]["VALUE"] == "555"
    assert call("crm.lead.add", fields={}).result == 7


def test_a_snapshot_holds_the_entities_and_loads_again(filled: TestPortal) -> None:
    emulator = filled.server.emulator
    portal = emulator.directory.revised().portal(filled.id)
    assert portal is not None
    taken = snapshot(emulator.database, portal)["entities"]

    copy = install_portal(
        filled.server,
        filled.http,
        {"portal": {"timezone": "Europe/Berlin"}, "entities": taken},
    )

    assert set(taken) == set(ENTITIES)
    for number in (5, 6):
        shown = filled.webhook("crm.lead.get", id=number).result
        assert copy.webhook("crm.lead.get", id=number).result == shown


@pytest.mark.parametrize(
    ("entities", "problem"),
    [
        ({"crm.laed": []}, UNKNOWN),
        ({"crm.lead": [{"ID": 0}]}, "entities.crm.lead[0].ID: expected ID: a number from 1"),
    ],
)
def test_what_cannot_be_loaded_is_named(
    portal: TestPortal, entities: dict[str, Any], problem: str
) -> None:
    with pytest.raises(LoadError) as failure:
        install_portal(portal.server, portal.http, {"entities": entities})

    assert str(failure.value) == problem
