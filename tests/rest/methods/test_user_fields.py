"""`crm.*.userfield.*`: fields that a portal's people add to CRM's own."""

from __future__ import annotations

from typing import Any

from tests.support import TestPortal

STRING = {"FIELD_NAME": "MY_STRING", "USER_TYPE_ID": "string", "EDIT_FORM_LABEL": "My text"}
LIST = {"FIELD_NAME": "MY_LIST", "USER_TYPE_ID": "enumeration", "LIST": [{"VALUE": "One"}]}


def test_a_user_field_lives_from_add_to_delete(portal: TestPortal) -> None:
    assert portal.admin("crm.lead.userfield.add", fields=STRING).result == 1

    shown = portal.admin("crm.lead.userfield.get", id=1).result
    assert (shown["ID"], shown["FIELD_NAME"], shown["ENTITY_ID"], shown["SORT"]) == (
        "1",
        "UF_CRM_MY_STRING",
        "CRM_LEAD",
        "100",
    )
    assert portal.admin("crm.lead.userfield.update", id=1, fields={"SORT": 5}).result is True
    assert portal.admin("crm.lead.userfield.get", id=1).result["SORT"] == "5"
    assert portal.admin("crm.lead.userfield.delete", id=1).result is True
    assert portal.admin("crm.lead.userfield.list").body["total"] == 0


def test_a_user_field_is_described_and_shown(portal: TestPortal) -> None:
    portal.admin("crm.lead.userfield.add", fields=STRING)
    portal.admin("crm.lead.add", fields={"TITLE": "x"})

    described = portal.admin("crm.lead.fields").result["UF_CRM_MY_STRING"]
    item = portal.admin("crm.item.fields", entityTypeId=1).result["fields"]["ufCrmMyString"]

    assert (described["type"], described["isDynamic"]) == ("string", True)
    assert (described["formLabel"], item["upperName"]) == ("My text", "UF_CRM_MY_STRING")
    assert portal.admin("crm.lead.get", id=1).result["UF_CRM_MY_STRING"] is None


def test_values_of_a_list_have_ids(portal: TestPortal) -> None:
    portal.admin("crm.lead.userfield.add", fields=LIST)
    (value,) = portal.admin("crm.lead.userfield.get", id=1).result["LIST"]

    values = [{"ID": value["ID"], "VALUE": "First"}, {"VALUE": "Two"}]
    portal.admin("crm.lead.userfield.update", id=1, fields={"LIST": values})

    after = portal.admin("crm.lead.userfield.get", id=1).result["LIST"]
    assert [item["VALUE"] for item in after] == ["First", "Two"]
    assert after[0]["ID"] == value["ID"] != after[1]["ID"]


def test_settings_and_values_have_events_of_their_own(portal: TestPortal) -> None:
    portal.admin("crm.contact.userfield.add", fields=LIST)
    for code in ("UPDATE", "SETENUMVALUES", "DELETE"):
        event = f"ONCRMCONTACTUSERFIELD{code}"
        portal.admin("event.bind", event=event, event_type="offline", auth_connector="x")

    def heard(fields: dict[str, Any]) -> list[str]:
        portal.admin("crm.contact.userfield.update", id=1, fields=fields)
        taken = portal.admin("event.offline.get", auth_connector="x").result["events"]
        assert {str(row["EVENT_DATA"]["FIELDS"]["FIELD_NAME"]) for row in taken} == {
            "UF_CRM_MY_LIST"
        }
        return sorted(row["EVENT_NAME"].removeprefix("ONCRMCONTACTUSERFIELD") for row in taken)

    assert heard({"SORT": 5}) == ["UPDATE"]
    assert heard({"LIST": [{"VALUE": "Two"}]}) == ["SETENUMVALUES"]
    assert heard({"LIST": [{"VALUE": "Two"}], "SORT": 6}) == ["SETENUMVALUES", "UPDATE"]


def test_what_is_missing_or_there_already_is_refused(portal: TestPortal) -> None:
    add = "crm.deal.userfield.add"
    portal.admin(add, fields=STRING)

    assert portal.admin(add, fields=STRING).error == (
        400,
        "ERROR_CORE",
        "Field UF_CRM_MY_STRING for CRM_DEAL object already exists",
    )
    nameless = portal.admin(add, fields={"USER_TYPE_ID": "string"})
    assert nameless.error == (400, "", "The 'FIELD_NAME' field is not found.")
    assert portal.admin("crm.deal.userfield.get", id=77).error == (400, "", "Not found")
    assert portal.admin("crm.deal.userfield.delete").error[2] == "ID is not defined or invalid."
