"""What a handler is sent (protocol G.4)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.events.changes import LEAD, application_of, bind_online, change, portal_of, rolled_back
from tests.events.handlers import Handler
from tests.support import Client, TestPortal, install_portal

TOKENS = ["access_token", "expires", "expires_in", "scope"]
PLACES = ["domain", "server_endpoint", "status", "client_endpoint", "member_id", "user_id"]
FULL = [*TOKENS, *PLACES]
RENEWABLE = {
    "ONAPPINSTALL",
    "ONAPPUPDATE",
    "ONAPPTEST",
    "ONOFFLINEEVENT",
}


@pytest.fixture
def handler() -> Iterator[Handler]:
    with Handler() as listening:
        yield listening


def auth(*names: str) -> list[str]:
    return [f"auth[{name}]" for name in names]


def test_the_fields_stand_in_the_documented_order(portal: TestPortal, handler: Handler) -> None:
    bind_online(portal, handler.url)

    change(portal, user_id=1)

    expected = ["event", "event_handler_id", "data[FIELDS][ID]", "ts"]
    assert handler.next().names == expected + auth(*FULL, "application_token")


def test_the_fields_say_what_happened_where_and_to_whom(
    portal: TestPortal, handler: Handler
) -> None:
    bind_online(portal, handler.url)
    known, application = portal_of(portal), application_of(portal)

    with portal.server.emulator.hit("http://portal.example:8024"):
        change(portal, user_id=2)

    fields = handler.next().fields
    assert fields["event"] == "ONCRMLEADADD"
    assert fields["data"] == {"FIELDS": {"ID": "5"}}
    assert abs(int(fields["ts"]) - known.clock.now()) < 60
    given = fields["auth"]
    assert given["user_id"] == "2"
    assert given["expires_in"] == "3600"
    assert int(given["expires"]) == pytest.approx(int(fields["ts"]) + 3600, abs=2)
    assert given["scope"] == "crm,task,user"
    assert given["status"] == application.status
    assert given["domain"] == "portal.example:8024"
    assert given["client_endpoint"] == "http://portal.example:8024/rest/"
    assert given["member_id"] == known.member_id
    assert given["application_token"] == application.application_token


def test_the_access_token_works_as_the_user_who_caused_the_event(
    portal: TestPortal, handler: Handler
) -> None:
    bind_online(portal, handler.url)

    change(portal, user_id=2)

    given = handler.next().fields["auth"]
    caller = Client(portal.http, given["client_endpoint"].rstrip("/"), given["access_token"])
    assert caller("user.current").result["ID"] == "2"


def test_the_users_token_of_the_binding_wins_over_the_acting_user(
    portal: TestPortal, handler: Handler
) -> None:
    bind_online(portal, handler.url, auth_type=2)

    change(portal, user_id=1)

    assert handler.next().fields["auth"]["user_id"] == "2"


@pytest.mark.parametrize("user_id", [0, 99])
def test_without_a_user_the_token_keys_are_absent(
    portal: TestPortal, handler: Handler, user_id: int
) -> None:
    bind_online(portal, handler.url)

    change(portal, user_id=user_id)

    remaining = ("domain", "server_endpoint", "client_endpoint", "member_id", "application_token")
    assert handler.next().names[4:] == auth(*remaining)


@pytest.mark.parametrize("data", [None, False, [], {}])
def test_empty_data_leaves_no_trace(portal: TestPortal, handler: Handler, data: object) -> None:
    bind_online(portal, handler.url)

    change(portal, data=data)

    assert handler.next().names[:3] == ["event", "event_handler_id", "ts"]


@pytest.mark.parametrize("event", ["ONAPPTEST", "ONAPPUPDATE", "ONAPPINSTALL", "ONCRMLEADADD"])
def test_some_events_bring_a_refresh_token_just_before_the_application_token(
    portal: TestPortal, handler: Handler, event: str
) -> None:
    bind_online(portal, handler.url, event)

    change(portal, event, LEAD, user_id=1)

    expected = ["refresh_token"] if event in RENEWABLE else []
    assert handler.next().names[4:] == auth(*FULL, *expected, "application_token")


@pytest.mark.parametrize(
    ("event", "last"),
    [
        ("ONAPPUNINSTALL", ["application_token"]),
        ("ONAPPMETHODCONFIRM", ["application_token"]),
        ("ONAPPPAYMENT", []),
    ],
)
def test_some_events_bring_no_tokens(
    portal: TestPortal, handler: Handler, event: str, last: list[str]
) -> None:
    bind_online(portal, handler.url, event)

    change(portal, event, LEAD, user_id=1)

    places = ("domain", "server_endpoint", "client_endpoint", "member_id")
    assert handler.next().names[4:] == auth(*places, *last)


def test_an_outgoing_webhook_gets_places_and_its_own_token(
    portal: TestPortal, handler: Handler
) -> None:
    outgoing = {"event": "ONCRMDEALADD", "handler": handler.url, "application_token": "outtoken"}
    hooked = install_portal(portal.server, portal.http, {"outgoing": [outgoing]})

    outcome = change(hooked, "ONCRMDEALADD", user_id=1)

    received = handler.next()
    places = ("domain", "client_endpoint", "server_endpoint", "member_id")
    assert received.names[4:] == auth(*places, "application_token")
    assert received.fields["auth"]["application_token"] == "outtoken"
    assert [due.client_id for due in outcome.due] == [""]


def test_without_a_caller_the_bound_address_is_named(portal: TestPortal, handler: Handler) -> None:
    bind_online(portal, handler.url)

    change(portal)

    named = handler.next().fields["auth"]["client_endpoint"]
    assert named == f"{portal.server.url}/rest/"


def test_identical_events_of_one_hit_are_one_letter(portal: TestPortal, handler: Handler) -> None:
    bind_online(portal, handler.url)
    other = {"FIELDS": {"ID": "6"}}

    with portal.server.emulator.hit():
        for data in (LEAD, LEAD, other, LEAD):
            change(portal, data=data)
    change(portal)

    received = [handler.next().fields["data"] for _ in range(3)]
    assert received == [LEAD, other, LEAD]
    assert handler.received.empty()


def test_a_change_that_was_rolled_back_is_not_delivered(
    portal: TestPortal, handler: Handler
) -> None:
    bind_online(portal, handler.url)

    with rolled_back(portal):
        change(portal, data={"FIELDS": {"ID": "lost"}})
    change(portal)

    assert handler.next().fields["data"] == LEAD
