"""Subscriptions, the events there are, and the test event (protocol F.3 to F.5)."""

from __future__ import annotations

from typing import Any

import pytest

from mock_bitrix.events import catalogue
from tests.rest.support import HANDLER, Echo, bind, bound
from tests.support import Client, Json, TestPortal, install_portal

GLOBAL = [
    "ONAPPUNINSTALL",
    "ONAPPINSTALL",
    "ONAPPUPDATE",
    "ONAPPPAYMENT",
    "ONSUBSCRIPTIONRENEW",
    "ONAPPTEST",
    "ONAPPMETHODCONFIRM",
    "ONOFFLINEEVENT",
]


# event.get


def test_get_shows_other_keys_for_online_and_offline_in_the_order_of_binding(
    any_portal: TestPortal,
) -> None:
    bind(any_portal.admin, event_type="offline", auth_connector="X")
    bind(any_portal.admin, handler=HANDLER, auth_connector="Y", auth_type=2)

    offline, online = bound(any_portal)

    assert list(offline.items()) == [
        ("event", "ONCRMLEADADD"),
        ("connector_id", "X"),
        ("offline", 1),
    ]
    assert list(online.items()) == [
        ("event", "ONCRMLEADADD"),
        ("handler", HANDLER),
        ("auth_type", "2"),
        ("offline", 0),
    ]


def test_get_shows_a_user_their_own_only(any_portal: TestPortal) -> None:
    assert any_portal.user("event.get").result == []
    bind(any_portal.admin, event_type="offline")
    bind(any_portal.admin, handler=HANDLER)
    bind(any_portal.admin, handler=HANDLER, auth_type=2)

    assert [each["auth_type"] for each in any_portal.user("event.get").result] == ["2"]
    assert len(bound(any_portal)) == 3


# events


def test_events_are_the_global_ones_and_those_of_the_applications_scopes(
    any_portal: TestPortal,
) -> None:
    for caller in (any_portal.admin, any_portal.user):
        shown = caller("events").result

        assert shown[: len(GLOBAL)] == GLOBAL
        assert {"ONCRMLEADADD", "ONTASKADD", "ONUSERADD"} <= set(shown)
        assert "ONIMBOTMESSAGEADD" not in shown


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"SCOPE": ""}, GLOBAL),
        ({"scope": "nonsense"}, []),
        ({"scope": "user"}, catalogue.of_scope("user")),
        ({"scope": "im", "full": 1}, catalogue.of_scope("im")),
        ({"full": True}, catalogue.codes(None)),
    ],
)
def test_events_of_a_scope_or_of_all(any_portal: TestPortal, given: Json, shown: Json) -> None:
    assert any_portal.admin("events", **given).result == shown


def test_events_full_names_the_whole_catalogue(portal: TestPortal) -> None:
    shown = portal.admin("events", full="Y").result

    assert len(shown) == len(set(shown)) == 214
    assert all(code.isupper() for code in shown)


# event.test


def test_event_test_puts_its_parameters_into_the_queue(any_portal: TestPortal) -> None:
    any_portal.admin(
        "event.bind", event="ONAPPTEST", event_type="offline", auth_connector="listener"
    )

    assert any_portal.user("event.test", any={"thing": [1, "2"]}).result == 1

    (row,) = any_portal.queue(auth_connector="listener")
    assert row["EVENT_NAME"] == "ONAPPTEST"
    assert row["EVENT_DATA"] == {"QUERY": {"any": {"thing": [1, "2"]}}, "LANGUAGE_ID": "en"}
    assert row["EVENT_ADDITIONAL"] == {"user_id": "2"}


def test_event_test_without_parameters_has_an_empty_query(any_portal: TestPortal) -> None:
    assert Echo(any_portal)(json={"auth": any_portal.admin.token}) == []


def test_event_test_is_an_echo_under_the_callers_own_connector(any_portal: TestPortal) -> None:
    any_portal.admin("event.bind", event="ONAPPTEST", event_type="offline")
    Echo(any_portal)

    assert any_portal.admin("event.test").result == 1
    assert any_portal.admin("event.test", auth_connector="echo", y="1").result == 1

    assert [row["EVENT_DATA"]["QUERY"] for row in any_portal.queue()] == [{"y": "1"}]
    assert len(any_portal.queue(auth_connector="echo")) == 1


def test_event_test_reaches_nobody_who_has_not_subscribed(any_portal: TestPortal) -> None:
    assert any_portal.admin("event.test", x=1).result == 1

    assert any_portal.queue() == []


def test_event_test_is_heard_by_the_calling_application_only(portal: TestPortal) -> None:
    tokens = [{"user": 1, "access_token": f"{portal.client_id}.{name}"} for name in "cd"]
    apps: list[dict[str, Any]] = [{"tokens": [token]} for token in tokens]
    apps[0]["bindings"] = [{"event": "ONAPPTEST", "type": "offline"}]
    two = install_portal(portal.server, portal.http, {"apps": apps})
    first, second = (Client(two.http, two.admin.base, str(t["access_token"])) for t in tokens)

    second("event.test")

    assert first("event.offline.list").result == []
