"""Calls of a telephone exchange elsewhere, from their beginning to their end."""

from __future__ import annotations

import re

import pytest

from mock_bitrix.portal.changing import move_clock
from tests.events.changes import bind_offline, portal_of
from tests.support import Json, TestPortal, install_portal

REGISTER, FINISH = "telephony.externalCall.register", "telephony.externalCall.finish"
CALL = {
    "USER_ID": 1,
    "PHONE_NUMBER": "+499061234567",
    "TYPE": 2,
    "LINE_NUMBER": "3",
    "EXTERNAL_CALL_ID": "asterisk-1710140185.18441",
}
EVENTS = ("ONVOXIMPLANTCALLINIT", "ONVOXIMPLANTCALLEND", "ONCRMLEADADD", "ONCRMACTIVITYADD")


@pytest.fixture
def exchange(portal: TestPortal) -> TestPortal:
    """A portal whose application is a telephone exchange, and hears of what it causes."""
    scope = ["telephony", "crm"]
    users = [
        {"id": 1, "name": "Anna", "admin": True, "UF_PHONE_INNER": "101"},
        {"id": 3, "name": "Jonas", "active": False},
    ]
    apps = [{"scope": scope, "name": "Exchange", "tokens": [{"user": 1}]}]
    document = {"users": users, "apps": apps, "webhooks": [{"user": 1, "scope": scope}]}
    made = install_portal(portal.server, portal.http, document)
    for event in EVENTS:
        bind_offline(made, event, "events")
    return made


def heard(portal: TestPortal) -> dict[str, Json]:
    taken = portal.admin("event.offline.get", auth_connector="events").result["events"]
    return {event["EVENT_NAME"]: event["EVENT_DATA"] for event in taken}


def test_a_call_begins_and_is_told_of(exchange: TestPortal) -> None:
    contact = {"CRM_ENTITY_TYPE": "CONTACT", "CRM_ENTITY_ID": 797}

    shown = exchange.admin(REGISTER, **CALL, **contact).result

    assert re.fullmatch(r"externalCall\.[0-9a-f]{32}\.[0-9]+", shown["CALL_ID"])
    assert shown == {
        "CALL_ID": shown["CALL_ID"],
        "CRM_CREATED_LEAD": None,
        "CRM_CREATED_ENTITIES": [],
        **contact,
    }
    (told,) = heard(exchange).values()
    assert {name: told[name] for name in ("CALL_ID", "CALL_TYPE", "CALLER_ID")} == {
        "CALL_ID": shown["CALL_ID"],
        "CALL_TYPE": "2",
        "CALLER_ID": "+499061234567",
    }


def test_a_call_that_is_registered_again_soon_is_the_same(exchange: TestPortal) -> None:
    def register(**more: Json) -> str:
        shown: str = exchange.admin(REGISTER, **{**CALL, **more}).result["CALL_ID"]
        return shown

    first = register()

    assert register() == first
    assert register(EXTERNAL_CALL_ID="another") != first
    database = exchange.server.emulator.database
    move_clock(database, portal_of(exchange), lambda clock: clock.advanced(1801))
    assert register() != first


def test_a_caller_whom_nobody_knows_becomes_a_lead_on_demand(exchange: TestPortal) -> None:
    shown = exchange.admin(REGISTER, **CALL, CRM_CREATE=1).result

    number = shown["CRM_CREATED_LEAD"]
    assert shown["CRM_CREATED_ENTITIES"] == [{"ENTITY_TYPE": "LEAD", "ENTITY_ID": number}]
    lead = exchange.admin("crm.lead.get", id=number).result
    assert lead["PHONE"][0]["VALUE"] == "+499061234567"
    assert heard(exchange)["ONCRMLEADADD"] == {"FIELDS": {"ID": str(number)}}


def test_a_call_ends_and_is_written_down(exchange: TestPortal) -> None:
    contact = {"CRM_ENTITY_TYPE": "CONTACT", "CRM_ENTITY_ID": 797}
    name = exchange.admin(REGISTER, **CALL, **contact).result["CALL_ID"]
    heard(exchange)

    record = exchange.admin(FINISH, CALL_ID=name, USER_PHONE_INNER="101", DURATION=95, VOTE=5)

    shown = record.result
    assert list(shown) == [
        "CALL_ID",
        "EXTERNAL_CALL_ID",
        "PORTAL_USER_ID",
        "PHONE_NUMBER",
        "PORTAL_NUMBER",
        "INCOMING",
        "CALL_DURATION",
        "CALL_START_DATE",
        "CALL_STATUS",
        "CALL_VOTE",
        "COST",
        "COST_CURRENCY",
        "CALL_FAILED_CODE",
        "CALL_FAILED_REASON",
        "REST_APP_ID",
        "REST_APP_NAME",
        "CRM_ACTIVITY_ID",
        "COMMENT",
        "CRM_ENTITY_TYPE",
        "CRM_ENTITY_ID",
        "ID",
    ]
    assert (shown["CALL_STATUS"], shown["CALL_FAILED_CODE"], shown["INCOMING"]) == (1, "200", "2")
    activity = exchange.admin("crm.activity.get", id=shown["CRM_ACTIVITY_ID"]).result
    assert (activity["OWNER_TYPE_ID"], activity["OWNER_ID"]) == ("3", "797")
    told = heard(exchange)["ONVOXIMPLANTCALLEND"]
    assert told["CALL_ID"] == name
    assert (told["CALL_DURATION"], told["CRM_ACTIVITY_ID"]) == ("95", str(activity["ID"]))


def test_a_call_that_nobody_took_is_missed_and_belongs_to_nobody(exchange: TestPortal) -> None:
    name = exchange.admin(REGISTER, **CALL).result["CALL_ID"]

    shown = exchange.admin(FINISH, CALL_ID=name, USER_ID=1).result

    assert (shown["CALL_STATUS"], shown["CALL_FAILED_CODE"]) == (0, "304")
    assert shown["CRM_ACTIVITY_ID"] == 0
    again = exchange.admin(FINISH, CALL_ID=name, USER_ID=1).error
    assert again[2] == "Call is not found (call should be registered prior to finishing)"


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"USER_ID": None}, "USER_ID or USER_PHONE_INNER should be set"),
        ({"USER_ID": 3}, "User is not found or is not active"),
        ({"USER_ID": None, "USER_PHONE_INNER": "999"}, "User is not found or is not active"),
        ({"TYPE": 6}, "Unknown TYPE"),
        ({"PHONE_NUMBER": "nobody"}, "Unsupported phone number format"),
        ({"CALL_START_DATE": "soon"}, "CALL_START_DATE should be in the ISO-8601 format"),
    ],
)
def test_a_wrong_registration_is_refused(exchange: TestPortal, wrong: Json, text: str) -> None:
    assert exchange.admin(REGISTER, **{**CALL, **wrong}).error == (400, "ERROR_CORE", text)
    assert heard(exchange) == {}


def test_a_call_is_named_by_a_text(exchange: TestPortal) -> None:
    refused = exchange.admin(FINISH, CALL_ID=5, USER_ID=1)

    assert refused.error == (400, "INVALID_ARGUMENT", "CALL_ID must be a string")


def test_only_applications_register_calls(exchange: TestPortal) -> None:
    assert exchange.webhook(REGISTER, **CALL).error[:2] == (403, "WRONG_AUTH_TYPE")
