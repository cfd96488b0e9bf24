"""`crm.item.*`: every CRM type by one set of methods."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import TestPortal

WRONG_DIRECTION = (
    "Invalid order: allowed sort directions are `ASC, DESC`. But got 'up' for field 'id'"
)
LEGACY = {1: "lead", 2: "deal", 3: "contact", 4: "company", 7: "quote"}


@pytest.mark.parametrize(("type_id", "kind"), LEGACY.items())
def test_an_item_and_an_element_of_older_methods_are_the_same(
    portal: TestPortal, type_id: int, kind: str
) -> None:
    added = portal.admin(
        "crm.item.add", entityTypeId=type_id, fields={"comments": "x", "assignedById": 2}
    ).result["item"]

    assert added["id"] == 1
    assert added["assignedById"] == 2
    older = portal.admin(f"crm.{kind}.get", id=1).result
    assert (older["COMMENTS"], older["ASSIGNED_BY_ID"]) == ("x", "2")
    portal.admin(f"crm.{kind}.update", id=1, fields={"COMMENTS": "y"})
    item = portal.admin("crm.item.get", entityTypeId=type_id, id=1).result["item"]
    assert item["comments"] == "y"
    assert item["entityTypeId"] == type_id
    assert portal.admin("crm.item.delete", entityTypeId=type_id, id=1).result == []
    assert portal.admin(f"crm.{kind}.get", id=1).status == 400


@pytest.mark.parametrize(
    ("method", "parameters", "refusal"),
    [
        ("get", {}, ("100", "Could not find value for parameter {entityTypeId}")),
        ("get", {"entityTypeId": 1}, ("100", "Could not find value for parameter {id}")),
        ("add", {"entityTypeId": 1}, ("100", "Could not find value for parameter {fields}")),
        ("get", {"entityTypeId": 1, "id": 7}, ("NOT_FOUND", "Element not found")),
        ("update", {"entityTypeId": 1, "id": 7, "fields": {}}, ("NOT_FOUND", "Element not found")),
        ("delete", {"entityTypeId": 1, "id": 7}, ("NOT_FOUND", "Item not found")),
        ("list", {"entityTypeId": 1220}, ("NOT_FOUND", "Smart process not found")),
        (
            "list",
            {"entityTypeId": 5},
            ("ENTITY_TYPE_NOT_SUPPORTED", "Entity type `Invoice` is not supported"),
        ),
        (
            "list",
            {"entityTypeId": 1, "filter": {"noSuch": 1}},
            ("INVALID_ARG_VALUE", "Invalid filter: field 'noSuch' is not allowed in filter"),
        ),
        (
            "list",
            {"entityTypeId": 1, "order": {"noSuch": "ASC"}},
            ("INVALID_ARG_VALUE", "Invalid order: field 'noSuch' is not allowed in order"),
        ),
        (
            "list",
            {"entityTypeId": 1, "order": {"id": "up"}},
            (
                "INVALID_ARG_VALUE",
                WRONG_DIRECTION,
            ),
        ),
    ],
)
def test_what_is_wrong_is_refused_by_name(
    portal: TestPortal, method: str, parameters: dict[str, Any], refusal: tuple[str, str]
) -> None:
    assert portal.admin(f"crm.item.{method}", **parameters).error == (400, *refusal)


def test_a_list_is_selected_filtered_and_sorted_by_newer_names(portal: TestPortal) -> None:
    for number, title in enumerate("cab"):
        fields = {"title": title, "opportunity": number, "stageId": "NEW", "ufCrm_1": title}
        portal.admin("crm.item.add", entityTypeId=1, fields=fields)

    page = portal.admin(
        "crm.item.list",
        entityTypeId=1,
        select=["id", "title", "stageId", "ufCrm_1"],
        filter={">opportunity": 0, "@stageId": ["NEW"]},
        order={"title": "DESC"},
    ).body

    assert page["total"] == 2
    assert page["result"] == {
        "items": [
            {"id": 3, "stageId": "NEW", "title": "b", "ufCrm_1": "b"},
            {"id": 2, "stageId": "NEW", "title": "a", "ufCrm_1": "a"},
        ]
    }
    uncounted = portal.admin("crm.item.list", entityTypeId=1, start=-1).body
    assert "total" not in uncounted
    assert len(uncounted["result"]["items"]) == 3


def test_user_fields_keep_their_names_on_request(portal: TestPortal) -> None:
    portal.admin("crm.item.add", entityTypeId=1, fields={"UF_CRM_1": "x"})

    item = portal.admin("crm.item.get", entityTypeId=1, id=1, useOriginalUfNames="Y").result["item"]

    assert item["UF_CRM_1"] == "x"
    assert "ufCrm_1" not in item


def test_a_deal_that_changes_its_funnel_has_an_event_of_its_own(portal: TestPortal) -> None:
    watch(portal, "ONCRMDEALUPDATE", "ONCRMDEALMOVETOCATEGORY")
    portal.admin("crm.deal.add", fields={"STAGE_ID": "PREPARATION"})

    portal.admin("crm.item.update", entityTypeId=2, id=1, fields={"categoryId": 1})
    portal.admin("crm.item.update", entityTypeId=2, id=1, fields={"categoryId": 1, "title": "x"})

    moved = {"ID": "1", "CATEGORY_ID": "1", "STAGE_ID": "C1:NEW"}
    assert heard(portal) == [
        ("ONCRMDEALMOVETOCATEGORY", {"FIELDS": moved}),
        ("ONCRMDEALUPDATE", {"FIELDS": {"ID": "1"}}),
    ]


def test_leads_have_the_lead_event_and_no_other(portal: TestPortal) -> None:
    watch(portal, "ONCRMLEADADD", "ONCRMDYNAMICITEMADD")

    portal.admin("crm.item.add", entityTypeId=1, fields={})

    assert heard(portal) == [("ONCRMLEADADD", {"FIELDS": {"ID": "1"}})]


def test_invoices_have_the_common_event_alone(portal: TestPortal) -> None:
    watch(portal, "ONCRMDYNAMICITEMADD", "ONCRMDYNAMICITEMADD_31", "ONCRMINVOICEADD")

    portal.admin("crm.item.add", entityTypeId=31, fields={"title": "x"})

    assert heard(portal) == [
        ("ONCRMDYNAMICITEMADD", {"FIELDS": {"ID": "1", "ENTITY_TYPE_ID": "31"}})
    ]


def test_smart_processes_have_the_common_event_and_their_own(portal: TestPortal) -> None:
    portal.admin("crm.type.add", fields={"title": "Visits", "entityTypeId": 1220})
    verbs = ("ADD", "UPDATE", "DELETE")
    watch(portal, *(f"ONCRMDYNAMICITEM{v}" for v in verbs))
    watch(portal, *(f"ONCRMDYNAMICITEM{v}_1220" for v in verbs))

    portal.admin("crm.item.add", entityTypeId=1220, fields={})
    portal.admin("crm.item.update", entityTypeId=1220, id=1, fields={"title": "x"})
    portal.admin("crm.item.delete", entityTypeId=1220, id=1)

    data = {"FIELDS": {"ID": "1", "ENTITY_TYPE_ID": "1220"}}
    assert heard(portal) == [
        (f"ONCRMDYNAMICITEM{v}{suffix}", data) for v in verbs for suffix in ("", "_1220")
    ]


def test_items_of_a_smart_process_show_their_parents_and_their_stage(portal: TestPortal) -> None:
    portal.admin("crm.type.add", fields={"title": "Visits", "entityTypeId": 1220})

    item = portal.admin("crm.item.add", entityTypeId=1220, fields={"parentId2": 9}).result["item"]
    deal = portal.admin("crm.item.add", entityTypeId=2, fields={}).result["item"]

    assert item["title"] == "Visits #1"
    assert item["stageId"] == "DT1220_1:NEW"
    assert item["parentId2"] == 9
    assert deal["parentId1220"] is None


def watch(portal: TestPortal, *codes: str) -> None:
    """Bind events, offline and for a connector of their own."""
    for code in codes:
        bound = portal.admin("event.bind", event=code, event_type="offline", auth_connector="x")
        assert bound.result is True, code


def heard(portal: TestPortal) -> list[tuple[str, Any]]:
    """The events since last time, with their data."""
    rows = portal.admin("event.offline.get", auth_connector="x", order={"ID": "ASC"})
    return [(row["EVENT_NAME"], row["EVENT_DATA"]) for row in rows.result["events"]]
