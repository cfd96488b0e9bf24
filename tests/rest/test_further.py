"""Documented methods of a form of their own: what they answer, and the events that they cause."""

from __future__ import annotations

import pytest

from mock_bitrix.entities import events
from mock_bitrix.portal.scopes import DEFAULT_SCOPES
from mock_bitrix.rest.further import FURTHER
from tests.support import Json, TestPortal, install_portal

TODO = "crm.activity.todo"
TASK = {"FIELDS_BEFORE", "FIELDS_AFTER", "IS_ACCESSIBLE_BEFORE", "IS_ACCESSIBLE_AFTER"}


@pytest.fixture
def watched(portal: TestPortal) -> TestPortal:
    """A portal whose application hears of what these methods cause."""
    codes = sorted({row.event for name in FURTHER for row in events.causes(name)})
    bindings = [{"event": code, "type": "offline"} for code in codes]
    scope = list(DEFAULT_SCOPES)
    document = {
        "webhooks": [{"user": 1, "scope": scope}],
        "apps": [{"scope": scope, "tokens": [{"user": 1}], "bindings": bindings}],
    }
    return install_portal(portal.server, portal.http, document)


def heard(portal: TestPortal) -> list[tuple[str, Json]]:
    """The events since last time, with their data."""
    taken = portal.admin("event.offline.get").result["events"]
    return [(event["EVENT_NAME"], event["EVENT_DATA"]) for event in taken]


def todo(portal: TestPortal, **fields: Json) -> int:
    """A planned activity."""
    given = {"SUBJECT": "Call", "RESPONSIBLE_ID": 1, "TYPE_ID": 2, **fields}
    given["COMMUNICATIONS"] = [{"VALUE": "555"}]
    number: int = portal.webhook("crm.activity.add", fields=given).result
    heard(portal)
    return number


@pytest.mark.parametrize(
    ("verb", "given", "field", "shown"),
    [
        ("updateDescription", {"value": "Ask again"}, "DESCRIPTION", "Ask again"),
        ("updateResponsibleUser", {"responsibleId": 7}, "RESPONSIBLE_ID", "7"),
        ("updateColor", {"colorId": 3}, "SETTINGS", {"COLOR": 3}),
        (
            "updateDeadline",
            {"value": "2026-03-01T10:00:00+00:00"},
            "DEADLINE",
            "2026-03-01T10:00:00+00:00",
        ),
    ],
)
def test_one_thing_about_a_planned_activity_changes(
    watched: TestPortal, verb: str, given: Json, field: str, shown: Json
) -> None:
    number = todo(watched)

    answer = watched.webhook(f"{TODO}.{verb}", id=number, ownerTypeId=2, ownerId=1, **given)

    assert answer.result == {"id": number}
    assert answer.response.headers["X-Mock-Bitrix"] == "generic"
    assert watched.webhook("crm.activity.get", id=number).result[field] == shown
    assert heard(watched) == [("ONCRMACTIVITYUPDATE", {"FIELDS": {"ID": str(number)}})]


def test_a_planned_activity_refuses_what_is_documented(watched: TestPortal) -> None:
    call = {"ownerTypeId": 2, "ownerId": 1, "value": "x"}
    done = todo(watched, COMPLETED="Y")

    missing = watched.webhook(f"{TODO}.updateDescription", id=done)
    unknown = watched.webhook(f"{TODO}.updateDescription", id=999, **call)
    completed = watched.webhook(f"{TODO}.updateDescription", id=done, **call)

    assert missing.error == (400, "100", "Could not find value for parameter {ownerTypeId}")
    assert unknown.error == (400, "NOT_FOUND", "Not found.")
    assert completed.error[:2] == (400, "CAN_NOT_UPDATE_COMPLETED_TODO")
    assert heard(watched) == []


@pytest.mark.parametrize(
    ("kind", "link", "event"),
    [
        ("crm.deal", "DEAL_ID", "ONCRMDEALRECURRINGEXPOSE"),
        ("crm.invoice", "INVOICE_ID", "ONCRMINVOICERECURRINGEXPOSE"),
    ],
)
def test_a_template_makes_a_new_one_like_its_pattern(
    watched: TestPortal, kind: str, link: str, event: str
) -> None:
    pattern = watched.webhook(f"{kind}.add", fields={"TITLE": "Monthly"}).result
    template = watched.webhook(f"{kind}.recurring.add", fields={link: pattern}).result
    heard(watched)

    made = watched.webhook(f"{kind}.recurring.expose", id=template).result[link]

    assert made != pattern
    assert watched.webhook(f"{kind}.get", id=made).result["TITLE"] == "Monthly"
    told = {"ID": str(template), f"RECURRING_{link}": str(pattern), link: str(made)}
    assert heard(watched) == [(event, {"FIELDS": told})]


def test_a_template_that_is_not_there_is_refused(watched: TestPortal) -> None:
    def refused(number: Json) -> tuple[int, str, str]:
        return watched.webhook("crm.deal.recurring.expose", id=number).error

    assert refused(77) == (400, "", "Recurring deal is not found")
    assert refused("x") == (400, "", "id is not defined or invalid.")


def test_a_booking_comes_from_a_wait_and_back(watched: TestPortal) -> None:
    wait = watched.webhook("booking.v1.waitlist.add", fields={"note": "soon"}).result
    number = next(iter(wait.values()))["id"] if isinstance(wait, dict) else wait
    heard(watched)

    booking = watched.webhook(
        "booking.v1.booking.createfromwaitlist", waitListId=number, fields={"name": "Room"}
    ).result
    back = watched.webhook("booking.v1.waitlist.createfrombooking", bookingId=booking).result

    assert heard(watched) == [
        ("ONBOOKINGADD", {"ID": str(booking)}),
        ("ONBOOKINGWAITLISTITEMADD", {"ID": str(back)}),
    ]
    unknown = watched.webhook("booking.v1.waitlist.createfrombooking", bookingId=999)
    assert unknown.body["error"] == 1037
    assert unknown.body["error_description"] == "booking not found"


def test_an_uploaded_document_is_a_new_document(watched: TestPortal) -> None:
    fields = {"entityTypeId": 1, "entityId": 7, "title": "Offer"}

    document = watched.webhook("crm.documentgenerator.document.upload", fields=fields).result

    number = document["document"]["id"]
    told = {"ID": str(number), "ENTITY_TYPE_ID": "1", "ENTITY_ID": "7"}
    assert heard(watched) == [("ONCRMDOCUMENTGENERATORDOCUMENTADD", {"FIELDS": told})]


def test_the_values_of_an_order_are_set_as_a_whole(watched: TestPortal) -> None:
    def modify(**values: str) -> list[Json]:
        listed = [{"orderPropsId": name[1:], "value": value} for name, value in values.items()]
        fields = {"order": {"id": 5, "propertyValues": listed}}
        answer = watched.webhook("sale.propertyvalue.modify", fields=fields)
        result: list[Json] = answer.result["propertyValues"]
        return result

    first = modify(p40="Anna", p44="555")
    second = modify(p44="666", p50="x")

    assert [each["value"] for each in second] == ["666", "x"]
    assert second[0]["id"] == first[1]["id"]
    assert watched.webhook("sale.propertyvalue.get", id=first[0]["id"]).status == 400
    ids = [row[1]["FIELDS"]["ID"] for row in heard(watched)]
    assert ids == [first[0]["id"], first[1]["id"], second[1]["id"]]


def test_a_task_moves_to_a_stage_and_takes_a_file(watched: TestPortal) -> None:
    task = watched.webhook("tasks.task.add", fields={"TITLE": "x", "RESPONSIBLE_ID": 1})
    number = task.result["task"]["id"]
    heard(watched)

    assert watched.webhook("task.stages.movetask", id=number, stageId=12).result is True
    attached = watched.webhook("tasks.task.files.attach", taskId=number, fileId=3).result

    assert set(attached) == {"attachmentId"}
    assert watched.webhook("tasks.task.get", taskId=number).result["task"]["stageId"] == "12"
    ((code, data),) = heard(watched)
    assert (code, set(data)) == ("ONTASKUPDATE", TASK)
    assert data["FIELDS_AFTER"] == {"ID": int(number)}
    assert watched.webhook("task.stages.movetask", id="x", stageId=1).error[2] == "wrong task id"
