"""Older CRM methods: leads, deals, contacts, companies, estimates, activities, comments."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from mock_bitrix.queue.queue import Queue
from tests.support import Client, Json, TestPortal, install_portal

KINDS = ("lead", "deal", "contact", "company", "quote")


def entities(portal: TestPortal, **kinds: Json) -> TestPortal:
    """Another portal, which holds entities."""
    named = {name.replace("__", "."): rows for name, rows in kinds.items()}
    return install_portal(portal.server, portal.http, {"entities": named})


@pytest.mark.parametrize("kind", KINDS)
def test_an_element_lives_from_add_to_delete(portal: TestPortal, kind: str) -> None:
    call = portal.admin
    number = call(f"crm.{kind}.add", fields={"TITLE": "One", "NAME": "Anna"}).result

    assert number == 1
    assert call(f"crm.{kind}.get", id=number).result["ID"] == "1"
    assert call(f"crm.{kind}.update", ID="1", FIELDS={"COMMENTS": "two"}).result is True
    shown = call(f"crm.{kind}.get", Id=number).result
    assert shown["COMMENTS"] == "two"
    assert shown["CREATED_BY_ID"] == "1"
    assert call(f"crm.{kind}.delete", id=number).result is True
    assert call(f"crm.{kind}.get", id=number).error == (400, "", "Not found")
    assert call(f"crm.{kind}.add", fields={}).result == 2  # ids are never used again


@pytest.mark.parametrize("kind", KINDS)
def test_fields_describes_what_get_shows(portal: TestPortal, kind: str) -> None:
    described = portal.admin(f"crm.{kind}.fields").result

    assert described["ID"]["isReadOnly"] is True
    assert described["ASSIGNED_BY_ID"]["type"] == "user"


@pytest.mark.parametrize(
    ("method", "parameters", "text"),
    [
        ("crm.lead.get", {}, "ID is not defined or invalid."),
        ("crm.lead.get", {"id": 0}, "ID is not defined or invalid."),
        ("crm.lead.get", {"id": "x"}, "ID is not defined or invalid."),
        ("crm.lead.update", {"id": 7, "fields": {}}, "Not found"),
        ("crm.lead.delete", {"id": 7}, "Not found"),
        ("crm.company.delete", {"id": 7}, "Company is not found"),
        ("crm.activity.get", {"id": 7}, "Activity is not found"),
        ("crm.lead.add", {"fields": "x"}, "Parameter 'fields' must be array."),
        ("crm.lead.add", {}, "Parameter 'fields' must be array."),
        ("crm.lead.add", {"fields": {}, "params": "x"}, "Parameter 'params' must be array."),
        ("crm.lead.list", {"filter": "x"}, "Parameter 'filter' must be array."),
        ("crm.lead.list", {"order": "x"}, "Parameter 'order' must be array."),
        ("crm.activity.add", {"fields": {}}, "The field SUBJECT is not defined or empty"),
        (
            "crm.activity.add",
            {"fields": {"SUBJECT": "Call"}},
            "The field RESPONSIBLE_ID is not defined or invalid",
        ),
    ],
)
def test_what_is_wrong_is_refused_with_an_empty_code(
    portal: TestPortal, method: str, parameters: dict[str, Any], text: str
) -> None:
    assert portal.admin(method, **parameters).error == (400, "", text)


def test_a_contact_that_is_not_there_cannot_be_deleted(portal: TestPortal) -> None:
    answer = portal.admin("crm.contact.delete", id=7)

    assert answer.error == (400, "ERROR_CORE", "Element not found")


def test_methods_are_found_as_clients_spell_them(portal: TestPortal) -> None:
    assert portal.admin("crm.lead.Add", fields={"TITLE": "x"}).result == 1
    assert portal.admin("crm.lead.Get", id=1).result["TITLE"] == "x"
    batch = portal.admin("batch", cmd={"a": "crm.lead.List?filter[%3EID]=0"})
    assert batch.result["result_total"] == {"a": 1}


def test_unknown_and_read_only_fields_are_left_out(portal: TestPortal) -> None:
    fields = {"NO_SUCH": "x", "DATE_CREATE": "2001-01-01", "TITLE": "x", "UF_CRM_1": "mine"}
    portal.admin("crm.lead.add", fields=fields)

    shown = portal.admin("crm.lead.get", id=1).result

    assert "NO_SUCH" not in shown
    assert not shown["DATE_CREATE"].startswith("2001")
    assert shown["UF_CRM_1"] == "mine"


def test_telephone_numbers_have_ids_and_leave_a_flag(portal: TestPortal) -> None:
    portal.admin("crm.contact.add", fields={"PHONE": [{"VALUE": "555", "VALUE_TYPE": "HOME"}]})
    shown = portal.admin("crm.contact.get", id=1).result

    (phone,) = shown["PHONE"]
    assert {**phone, "ID": ""} == {
        "ID": "", "VALUE_TYPE": "HOME", "VALUE": "555", "TYPE_ID": "PHONE",
    }  # fmt: skip
    assert shown["HAS_PHONE"] == "Y"
    assert "EMAIL" not in shown

    portal.admin("crm.contact.update", id=1, fields={"PHONE": [{"ID": phone["ID"], "VALUE": ""}]})

    shown = portal.admin("crm.contact.get", id=1).result
    assert "PHONE" not in shown
    assert shown["HAS_PHONE"] == "N"


def test_select_names_fields_stars_and_user_fields(portal: TestPortal) -> None:
    rows = [{"ID": 5, "TITLE": "A", "UF_CRM_1": "u", "PHONE": [{"VALUE": "555"}]}]
    call = entities(portal, crm__lead=rows).admin

    def shown(*select: str) -> list[str]:
        return list(call("crm.lead.list", select=select).result[0])

    assert shown("TITLE") == ["TITLE", "ID"]
    assert shown("PHONE", "TITLE", "NO_SUCH") == ["TITLE", "ID", "PHONE"]
    assert shown("UF_*") == ["UF_CRM_1", "ID"]
    assert "UF_CRM_1" not in shown()
    assert "PHONE" not in shown("*", "UF_*")
    assert {"TITLE", "UF_CRM_1"} <= set(shown("*", "UF_*"))


def test_a_list_has_pages_of_50(portal: TestPortal) -> None:
    call = entities(portal, crm__lead=[{"TITLE": str(n)} for n in range(120)]).admin

    first = call("crm.lead.list").body
    second = call("crm.lead.list", start=50).body
    last = call("crm.lead.list", start="100").body

    assert [len(page["result"]) for page in (first, second, last)] == [50, 50, 20]
    assert [page.get("next") for page in (first, second, last)] == [50, 100, None]
    assert {page["total"] for page in (first, second, last)} == {120}
    assert second["result"][0]["ID"] == "51"
    beyond = call("crm.lead.list", start=500).body
    assert (beyond["result"], beyond["total"], beyond.get("next")) == ([], 120, None)


def test_a_list_that_starts_at_minus_1_is_not_counted(portal: TestPortal) -> None:
    call = entities(portal, crm__lead=[{"TITLE": str(n)} for n in range(60)]).admin

    by_id = call("crm.lead.list", start=-1, filter={">ID": 5}).body
    by_title = call("crm.lead.list", start=-1, order={"TITLE": "DESC"}).body

    for page in (by_id, by_title):
        assert len(page["result"]) == 50
        assert "total" not in page
        assert "next" not in page
    assert by_id["result"][0]["ID"] == "6"
    assert by_title["result"][0]["TITLE"] == "9"


def test_order_rises_and_falls_by_several_fields(portal: TestPortal) -> None:
    rows = [
        {"TITLE": "b", "OPPORTUNITY": 10},
        {"TITLE": "A", "OPPORTUNITY": 9},
        {"TITLE": "b", "OPPORTUNITY": 100},
    ]
    call = entities(portal, crm__deal=rows).admin

    def ids(**order: str) -> list[str]:
        return [row["ID"] for row in call("crm.deal.list", order=order).result]

    assert ids(TITLE="asc", OPPORTUNITY="desc") == ["2", "3", "1"]
    assert ids(OPPORTUNITY="DESC") == ["3", "1", "2"]
    assert ids(ID="DESC") == ["3", "2", "1"]
    assert ids(NO_SUCH="DESC") == ["1", "2", "3"]


def test_filter_and_total_go_together(portal: TestPortal) -> None:
    rows = [{"TITLE": f"Lead {n}", "STATUS_ID": "NEW" if n % 3 else "JUNK"} for n in range(90)]
    call = entities(portal, crm__lead=rows).admin

    page = call("crm.lead.list", filter={"!STATUS_ID": "JUNK", ">=ID": 10}).body

    assert page["total"] == 54
    assert len(page["result"]) == 50
    assert page["next"] == 50
    assert {row["STATUS_ID"] for row in page["result"]} == {"NEW"}
    assert call("crm.lead.list", filter={"NO_SUCH": 1}).body["total"] == 90


def test_stages_have_a_meaning_and_remember_who_moved(portal: TestPortal) -> None:
    portal.admin("crm.deal.add", fields={"CATEGORY_ID": 3})
    fresh = portal.admin("crm.deal.get", id=1).result
    portal.user("crm.deal.update", id=1, fields={"STAGE_ID": "C3:WON"})
    won = portal.admin("crm.deal.get", id=1).result

    assert (fresh["STAGE_ID"], fresh["STAGE_SEMANTIC_ID"], fresh["CLOSED"]) == ("C3:NEW", "P", "N")
    assert (won["STAGE_SEMANTIC_ID"], won["CLOSED"], won["MOVED_BY_ID"]) == ("S", "Y", "2")
    assert (won["MODIFY_BY_ID"], won["CREATED_BY_ID"]) == ("2", "1")


def test_an_older_method_cannot_change_the_funnel(portal: TestPortal) -> None:
    portal.admin("crm.deal.add", fields={})

    portal.admin("crm.deal.update", id=1, fields={"CATEGORY_ID": 5, "TITLE": "x"})

    assert portal.admin("crm.deal.get", id=1).result["CATEGORY_ID"] == "0"


def test_a_title_is_made_up_where_none_is_given(portal: TestPortal) -> None:
    portal.admin("crm.lead.add", fields={"NAME": "Anna"})

    assert portal.admin("crm.lead.get", id=1).result["TITLE"] == "Lead #1"


def test_what_hangs_on_an_element_goes_with_it(portal: TestPortal) -> None:
    rows = [{"ID": 5}, {"ID": 6}]
    hanging = {"SUBJECT": "Call", "OWNER_TYPE_ID": 1}
    activities = [{"ID": 1, "OWNER_ID": 5, **hanging}, {"ID": 2, "OWNER_ID": 6, **hanging}]
    comments = [{"ID": 1, "ENTITY_ID": 5, "ENTITY_TYPE": "lead", "COMMENT": "x"}]
    other = entities(
        portal, crm__lead=rows, crm__activity=activities, crm__timeline__comment=comments
    )
    for code in ("ONCRMLEADDELETE", "ONCRMACTIVITYDELETE"):
        other.admin("event.bind", event=code, event_type="offline", auth_connector="x")

    other.admin("crm.lead.delete", id=5)

    assert [row["ID"] for row in other.admin("crm.activity.list").result] == ["2"]
    assert other.admin("crm.timeline.comment.list").result == []
    heard = [(r["EVENT_NAME"], r["EVENT_DATA"]) for r in other.queue(auth_connector="x")]
    assert heard == [
        ("ONCRMACTIVITYDELETE", {"FIELDS": {"ID": "1"}}),
        ("ONCRMLEADDELETE", {"FIELDS": {"ID": "5"}}),
    ]


def test_ids_in_events_are_texts_in_docs_and_numbers_in_cloud(any_portal: TestPortal) -> None:
    any_portal.admin("event.bind", event="ONCRMLEADADD", event_type="offline", auth_connector="x")

    any_portal.admin("crm.lead.add", fields={"TITLE": "x"})

    (row,) = any_portal.queue(auth_connector="x")
    assert row["EVENT_DATA"] in ({"FIELDS": {"ID": "1"}}, {"FIELDS": {"ID": 1}})
    cloud = any_portal.server.emulator.stored("profile")["profile"] == "cloud"
    assert isinstance(row["EVENT_DATA"]["FIELDS"]["ID"], int) is cloud


def test_an_application_does_not_hear_its_own_changes_under_its_connector(
    portal: TestPortal,
) -> None:
    portal.admin("event.bind", event="ONCRMLEADADD", event_type="offline", auth_connector="sync")

    portal.admin("crm.lead.add", fields={"TITLE": "mine"}, auth_connector="sync")
    portal.webhook("crm.lead.add", fields={"TITLE": "theirs"})

    rows = portal.queue(auth_connector="sync")
    assert [row["EVENT_DATA"] for row in rows] == [{"FIELDS": {"ID": "2"}}]


def test_an_element_and_its_event_are_written_together(
    portal: TestPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal.admin("event.bind", event="ONCRMLEADADD", event_type="offline", auth_connector="x")

    def fail(*_: object) -> None:
        raise RuntimeError("the queue failed")

    with monkeypatch.context() as patched:
        patched.setattr(Queue, "put", fail)
        assert portal.admin("crm.lead.add", fields={"TITLE": "x"}).status == 500

    assert portal.admin("crm.lead.list").body["total"] == 0


def test_changes_of_one_element_at_once_lose_nothing(portal: TestPortal) -> None:
    portal.admin("crm.lead.add", fields={})
    names = [f"UF_CRM_{number}" for number in range(24)]

    def change(name: str) -> bool:
        with httpx.Client(trust_env=False) as http:
            client = Client(http, portal.admin.base, portal.admin.token)
            return bool(client("crm.lead.update", id=1, fields={name: "x"}).result)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(change, names))

    shown = portal.admin("crm.lead.get", id=1).result
    assert [name for name in names if shown.get(name) != "x"] == []


def test_a_refused_change_causes_nothing(portal: TestPortal) -> None:
    portal.admin("event.bind", event="ONCRMLEADUPDATE", event_type="offline", auth_connector="x")

    portal.admin("crm.lead.update", id=7, fields={"TITLE": "x"})

    assert portal.queue(auth_connector="x") == []


def test_crm_needs_its_scope(portal: TestPortal) -> None:
    poor = install_portal(portal.server, portal.http, {"webhooks": [{"scope": ["task"]}]})

    assert poor.webhook("crm.lead.list").status == 401
    assert poor.webhook("crm.status.add").status == 401
