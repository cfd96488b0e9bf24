"""Documented methods of a common form, on a store of their own."""

from __future__ import annotations

import pytest

from mock_bitrix.portal.scopes import DEFAULT_SCOPES
from mock_bitrix.rest import documented, generic
from tests.support import TestPortal, install_portal


@pytest.fixture
def wide(portal: TestPortal) -> TestPortal:
    """A portal whose callers may use every scope."""
    scope = list(DEFAULT_SCOPES)
    document = {
        "webhooks": [{"user": 1, "scope": scope}],
        "apps": [{"scope": scope, "tokens": [{"user": 1}]}],
    }
    return install_portal(portal.server, portal.http, document)


def test_every_documented_method_of_the_form_is_there() -> None:
    endings = (".add", ".get", ".list", ".update", ".delete", ".fields")
    missing = [
        name
        for name in documented.names()
        if name.lower().endswith(endings) and generic.find(name) is None
    ]

    assert missing == []
    assert generic.find("crm.automation.trigger.execute") is None


def test_an_answer_says_that_it_is_generic(wide: TestPortal) -> None:
    answer = wide.webhook("crm.status.list")

    assert answer.response.headers["X-Mock-Bitrix"] == "generic"
    assert "X-Mock-Bitrix" not in wide.webhook("crm.lead.list").response.headers


def test_a_crm_family_lives_from_add_to_delete(wide: TestPortal) -> None:
    call = wide.webhook
    assert call("crm.requisite.add", fields={"NAME": "Main", "PRESET_ID": 1}).result == 1

    shown = call("crm.requisite.get", id=1).result
    assert shown == {"ID": "1", "NAME": "Main", "PRESET_ID": 1}
    assert call("crm.requisite.update", id="1", fields={"NAME": "Other"}).result is True
    page = call("crm.requisite.list", filter={"NAME": "other"}, order={"ID": "DESC"}).body
    assert (page["total"], page["result"][0]["NAME"]) == (1, "Other")
    assert set(call("crm.requisite.fields").result) == {"ID", "NAME", "PRESET_ID"}
    assert call("crm.requisite.delete", id=1).result is True
    assert call("crm.requisite.get", id=1).error == (400, "", "Not found")


def test_a_nested_family_names_what_it_holds(wide: TestPortal) -> None:
    call = wide.webhook
    added = call("catalog.priceType.add", fields={"name": "RETAIL", "base": "N"}).result

    assert added == {"priceType": {"id": 1, "name": "RETAIL", "base": "N"}}
    changed = call("catalog.priceType.update", id=1, fields={"base": "Y"}).result
    assert changed["priceType"]["base"] == "Y"
    listed = call("catalog.priceType.list", filter={"base": "Y"}).body
    assert listed["result"] == {"priceTypes": [{"id": 1, "name": "RETAIL", "base": "Y"}]}
    assert listed["total"] == 1
    assert "name" in call("catalog.priceType.getFields").result["priceType"]
    assert call("catalog.priceType.delete", id=1).result is True
    assert call("catalog.priceType.get", id=1).status == 400
    categories = call("crm.category.add", entityTypeId=2, fields={"name": "Second"})
    assert categories.result == {"category": {"id": 1, "name": "Second"}}


def test_parameters_are_the_fields_where_there_is_no_map_of_them(wide: TestPortal) -> None:
    call = wide.webhook
    number = call("sonet_group.create", NAME="Team", VISIBLE="Y").result

    assert call("sonet_group.update", GROUP_ID=number, NAME="Squad").result is True
    (group,) = call("sonet_group.get", FILTER={"NAME": "squad"}).result
    assert group == {"ID": str(number), "NAME": "Squad", "VISIBLE": "Y"}


def test_entities_with_codes_are_named_by_them(wide: TestPortal) -> None:
    call = wide.webhook
    bound = wide.admin(
        "event.bind", event="ONCRMCURRENCYADD", event_type="offline", auth_connector="x"
    )
    assert bound.result is True
    assert call("crm.currency.add", fields={"CURRENCY": "CHE", "AMOUNT": 1}).result == "CHE"

    assert call("crm.currency.get", id="CHE").result == {"CURRENCY": "CHE", "AMOUNT": 1}
    assert call("crm.currency.get", id="XXX").status == 400
    (row,) = wide.queue(auth_connector="x")
    assert row["EVENT_DATA"] == {"FIELDS": {"ID": "CHE"}}


def test_without_an_id_the_ids_among_the_fields_say_which(wide: TestPortal) -> None:
    call = wide.webhook
    for owner in (1, 2):
        keys = {"TYPE_ID": 1, "ENTITY_TYPE_ID": 8, "ENTITY_ID": owner}
        call("crm.address.add", fields={**keys, "CITY": f"City {owner}"})

    assert call("crm.address.update", fields={**keys, "CITY": "Other"}).result is True
    assert [each["CITY"] for each in call("crm.address.list").result] == ["City 1", "Other"]
    assert call("crm.address.delete", fields=keys).result is True
    assert [each["CITY"] for each in call("crm.address.list").result] == ["City 1"]
    assert call("crm.address.delete", fields=keys).error == (400, "", "Not found")
    assert call("crm.address.delete", fields={"CITY": "City 1"}).status == 400


def test_generic_lists_have_pages(wide: TestPortal) -> None:
    for number in range(55):
        wide.webhook("crm.status.add", fields={"NAME": str(number)})

    page = wide.webhook("crm.status.list").body
    rest = wide.webhook("crm.status.list", start=50).body

    assert (len(page["result"]), page["total"], page["next"]) == (50, 55, 50)
    assert (len(rest["result"]), "next" in rest) == (5, False)
    assert "total" not in wide.webhook("crm.status.list", start=-1).body


def test_a_generic_method_works_in_a_batch_and_needs_its_scope(wide: TestPortal) -> None:
    batch = wide.webhook("batch", cmd={"a": "crm.status.add?fields[NAME]=x"})
    poor = install_portal(wide.server, wide.http, {"webhooks": [{"scope": ["task"]}]})

    assert batch.result["result"] == {"a": 1}
    assert poor.webhook("crm.status.list").error[1] == "insufficient_scope"


def test_the_journal_knows_generic_calls(wide: TestPortal) -> None:
    wide.webhook("crm.status.list")
    wide.webhook("crm.lead.list")

    calls = wide.server.emulator.journal.calls(wide.id)
    assert [call.generic for call in calls] == [True, False]
