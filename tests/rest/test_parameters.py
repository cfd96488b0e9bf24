"""Names of parameters, and those of the envelope (protocol A.6, A.7)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rest.support import Echo
from tests.support import TestPortal, lead_added

NO_AUTH = (401, "NO_AUTH_FOUND", "Wrong authorization data")


@pytest.fixture
def echo(portal: TestPortal) -> Echo:
    return Echo(portal)


# Names of parameters


@pytest.mark.parametrize(
    ("method", "given"),
    [
        ("event.unbind", {"Event": "ONCRMLEADADD", "eVENT_TYPE": "offline"}),
        ("EVENT.unbind", {"event": "ONCRMLEADADD", "EVENT_TYPE": "offline"}),
        ("feature.get", {"code": "x"}),
        ("feature.get", {"Code": "x"}),
        ("batch", {"CMD": ["profile"], "Halt": 1}),
        ("event.offline.clear", {"PROCESS_ID": "x", "Message_Id": []}),
        ("event.offline.error", {"Process_Id": "x", "MESSAGE_ID": []}),
    ],
)
def test_case_of_a_parameter_does_not_matter(
    portal: TestPortal, method: str, given: dict[str, Any]
) -> None:
    assert portal.admin(method, **given).status == 200


def test_of_two_spellings_the_later_one_counts(portal: TestPortal) -> None:
    assert portal.admin("feature.get", code="nonsense", CODE="rest_auth_connector").result == {
        "value": "Y"
    }
    assert portal.admin("feature.get", code="rest_auth_connector", CODE=None).status == 400


def test_case_of_the_parameter_of_events_and_methods_does_not_matter(portal: TestPortal) -> None:
    assert portal.admin("events", scope="").result == portal.admin("events", SCOPE="").result
    assert portal.admin("events", scope="").result != portal.admin("events").result
    of_users = portal.admin("methods", Scope="user").result
    assert of_users == portal.admin("methods", SCOPE="user").result
    assert "user.current" in of_users
    assert "profile" not in of_users
    assert len(portal.admin("scope", Full=1).result) > 3


def test_case_of_an_inner_key_matters(portal: TestPortal) -> None:
    for number, key in enumerate(("minTimeout", "MINTIMEOUT")):
        handler = f"http://127.0.0.1:9/{number}"
        options = {key: 600}
        portal.admin("event.bind", event="ONOFFLINEEVENT", handler=handler, options=options)

    directory = portal.server.emulator.directory.revised()
    found = directory.portal(portal.id)
    assert found is not None
    assert [binding.options for binding in directory.bindings(found)] == [{"minTimeout": 600}, {}]


def test_method_get_and_the_options_know_lower_case_names_only(portal: TestPortal) -> None:
    assert portal.admin("method.get", NAME="profile").result["isExisting"] is False
    assert portal.admin("app.option.set", OPTIONS={"a": 1}).body["argument"] == "options"
    portal.admin("app.option.set", options={"a": "1"})
    assert portal.admin("app.option.get", OPTION="a").result == {"a": "1"}


@pytest.mark.parametrize("name", ["Auth", "AUTH", "Access_Token", "ACCESS_TOKEN"])
def test_case_of_a_credential_matters(portal: TestPortal, name: str) -> None:
    answer = portal.admin.send("POST", "profile", json={name: portal.admin.token})

    assert answer.error == NO_AUTH


@pytest.mark.parametrize("name", ["Token", "TOKEN", "Sessid", "Aplogin", "AP", "State"])
def test_case_of_every_other_name_of_the_envelope_matters(echo: Echo, name: str) -> None:
    """In another case it is a parameter like any other."""
    token = echo.portal.admin.token

    assert echo(json={"auth": token, name: "x"}) == {name: "x"}


def test_case_of_auth_connector_matters(portal: TestPortal) -> None:
    for name in ("Auth_Connector", "AUTH_CONNECTOR", "auth_connector"):
        portal.admin("event.bind", event="ONCRMLEADADD", event_type="offline", **{name: "X"})

    assert [b["connector_id"] for b in portal.admin("event.get").result] == ["", "X"]


def test_case_of_start_matters(portal: TestPortal) -> None:
    portal.rows(map(lead_added, range(3)))

    assert len(portal.admin("event.offline.list", START=2).result) == 3
    assert len(portal.admin("event.offline.list", start=2).result) == 1


# Parameters of the envelope


def test_the_envelope_keeps_its_parameters_to_itself(echo: Echo) -> None:
    given = {"auth": "t", "access_token": "t", "start": 5, "state": "s", "auth_connector": "c"}
    header = {"Authorization": f"Bearer {echo.portal.admin.token}"}

    assert echo(json={**given, "x": 1}, headers=header) == {"x": 1}


@pytest.mark.parametrize("start", [1, "1", "1abc", 1.9, True])
def test_start_is_converted_to_a_number(portal: TestPortal, start: Any) -> None:
    portal.rows(map(lead_added, range(3)))

    assert len(portal.admin("event.offline.list", start=start).result) == 2


@pytest.mark.parametrize("method", ["profile", "event.offline.list", "event.test", "batch"])
def test_a_parameter_called_token_is_taken_for_a_download_link(
    portal: TestPortal, method: str
) -> None:
    answer = portal.admin(method, token="anything")

    assert answer.error == (403, "ACCESS_DENIED", "Access denied! Link check failed")


def test_the_link_is_checked_after_the_caller(portal: TestPortal) -> None:
    assert portal.admin.send("POST", "profile", json={"token": "x"}).error == NO_AUTH
    assert portal.admin("profile", token=None).status == 200
