"""`placement.*`: where an application shows itself."""

from __future__ import annotations

import pytest

from tests.support import TestPortal, install_portal

TAB = {"PLACEMENT": "CRM_LEAD_DETAIL_TAB", "HANDLER": "https://app.example.com/tab"}


@pytest.fixture
def placed(portal: TestPortal) -> TestPortal:
    """A portal whose applications may place themselves."""
    scope = ["placement", "crm"]
    document = {
        "webhooks": [{"user": 1, "scope": scope}],
        "apps": [{"scope": scope, "tokens": [{"user": 1}, {"user": 2}]}],
    }
    return install_portal(portal.server, portal.http, document)


def test_a_placement_lives_from_bind_to_unbind(placed: TestPortal) -> None:
    assert placed.admin("placement.bind", **TAB, TITLE="Tab").result is True

    (shown,) = placed.admin("placement.get").result
    assert shown == {
        "placement": "CRM_LEAD_DETAIL_TAB",
        "userId": 0,
        "handler": "https://app.example.com/tab",
        "options": [],
        "title": "Tab",
        "description": "",
        "langAll": {"en": {"TITLE": "Tab", "DESCRIPTION": "", "GROUP_NAME": ""}},
    }
    assert placed.admin("placement.bind", **TAB).status == 400
    assert placed.admin("placement.unbind", **TAB).result == {"count": 2}
    assert placed.admin("placement.unbind", **TAB).result == {"count": 0}
    assert placed.admin("placement.get").result == []


def test_without_a_handler_all_at_a_place_end(placed: TestPortal) -> None:
    for number in range(2):
        placed.admin("placement.bind", PLACEMENT=TAB["PLACEMENT"], HANDLER=f"https://a.b/{number}")
    placed.admin("placement.bind", PLACEMENT="LEFT_MENU", HANDLER="https://a.b/")

    assert placed.admin("placement.unbind", PLACEMENT="crm_lead_detail_tab").result == {"count": 4}
    assert len(placed.admin("placement.get").result) == 1


def test_places_are_those_of_the_applications_scope_and_those_for_everybody(
    placed: TestPortal,
) -> None:
    every = placed.admin("placement.list").result

    assert {"LEFT_MENU", "CRM_DEAL_LIST_TOOLBAR", "CRM_ORDER_DETAIL_TAB"} <= set(every)
    assert not any(code.startswith("TASK_") for code in every)
    assert "CRM_CONTACT_ACTIVITY_TIMELINE_MENU" not in every
    assert len(every) == len(set(every))


def test_places_of_one_scope_or_of_all_are_listed_on_demand(placed: TestPortal) -> None:
    assert "TASK_VIEW_TAB" in placed.admin("placement.list", SCOPE="task").result
    assert placed.admin("placement.list", SCOPE="calendar", FULL=True).result == [
        "CALENDAR_GRIDVIEW"
    ]
    assert placed.admin("placement.list", SCOPE="none").result == []
    assert {"CALL_CARD", "LEFT_MENU"} <= set(placed.admin("placement.list", FULL="true").result)


def test_a_smart_process_has_places_of_its_own(placed: TestPortal) -> None:
    kind = placed.admin("crm.type.add", fields={"title": "Order"}).result["type"]

    listed = placed.admin("placement.list", SCOPE="crm").result

    assert f"CRM_DYNAMIC_{kind['entityTypeId']}_DETAIL_TAB" in listed


def test_administrators_of_applications_place(placed: TestPortal) -> None:
    missing = placed.admin("placement.bind", PLACEMENT="LEFT_MENU")
    assert missing.body == {
        "error": "ERROR_ARGUMENT",
        "error_description": "Argument 'HANDLER' is null or empty",
        "argument": "HANDLER",
    }
    assert placed.user("placement.bind", **TAB).error == (403, "ACCESS_DENIED", "Access denied!")
    assert placed.webhook("placement.get").error[1] == "WRONG_AUTH_TYPE"
