"""`feature.get`, `methods`, `method.get`, `scope`, `server.time` (protocol F.6 to F.8)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from mock_bitrix.portal.scopes import DEFAULT_SCOPES
from mock_bitrix.rest import finding
from tests.rest.support import refused
from tests.support import Json, TestPortal, install_portal

CALLERS = pytest.mark.parametrize("caller", ["admin", "user", "webhook"])


# feature.get


@CALLERS
def test_a_feature_is_y_or_n_for_every_caller(any_portal: TestPortal, caller: str) -> None:
    call = getattr(any_portal, caller)

    for code in ("rest_offline_extended", "rest_auth_connector"):
        assert call("feature.get", CODE=code).result == {"value": "Y"}
    for code in ("en_selfhosted", "REST_OFFLINE_EXTENDED", "5"):
        assert call("feature.get", CODE=code).result == {"value": "N"}


def test_a_feature_is_a_matter_of_the_plan(portal: TestPortal) -> None:
    features = {"rest_offline_extended": False, "anything": True}
    poor = install_portal(portal.server, portal.http, {"portal": {"features": features}})

    shown = [
        poor.admin("feature.get", CODE=code).result["value"]
        for code in ("rest_offline_extended", "rest_auth_connector", "anything")
    ]

    assert shown == ["N", "Y", "Y"]


@pytest.mark.parametrize("given", [{}, {"CODE": ""}, {"CODE": "0"}, {"CODE": 0}, {"CODE": None}])
def test_a_feature_without_a_code_is_refused(any_portal: TestPortal, given: Json) -> None:
    assert refused(
        any_portal.webhook("feature.get", **given), 400, "CODE_EMPTY", "CODE can't be empty"
    )


# methods, method.get


def test_methods_are_those_of_the_callers_scopes_in_lower_case(portal: TestPortal) -> None:
    poor = install_portal(
        portal.server,
        portal.http,
        {"webhooks": [{"scope": ["crm"]}], "apps": [{"scope": ["crm"], "tokens": [{"user": 1}]}]},
    )
    for caller in (poor.admin, poor.webhook):
        shown = caller("methods").result
        assert {"event.offline.get", "batch", "profile"} <= set(shown)
        assert "user.current" not in shown
        assert all(name == name.lower() for name in shown)
    assert "user.current" in portal.admin("methods").result


def test_methods_of_one_scope(any_portal: TestPortal) -> None:
    for scope in ("user", "user_brief", "user_basic"):
        assert "user.current" in any_portal.admin("methods", SCOPE=scope).result
    for scope in ("", "basic"):
        assert "profile" in any_portal.admin("methods", SCOPE=scope).result
        assert "user.current" not in any_portal.admin("methods", SCOPE=scope).result
    assert any_portal.admin("methods", SCOPE="nonsense", FULL=1).result == []


def test_methods_full_are_all_that_there_are(portal: TestPortal) -> None:
    poor = install_portal(
        portal.server, portal.http, {"apps": [{"scope": [], "tokens": [{"user": 1}]}]}
    )

    shown = poor.admin("methods", full="true").result

    assert shown == [each.name.lower() for each in finding.every(portal.server.emulator, None)]


@pytest.mark.parametrize(
    ("name", "existing", "available"),
    [
        ("profile", True, True),
        ("Event.Offline.GET", True, True),
        ("user.current", True, False),
        ("no.such.method", False, False),
        ("", False, False),
    ],
)
def test_a_method_exists_and_is_available_to_the_scope(
    portal: TestPortal, name: str, *, existing: bool, available: bool
) -> None:
    poor = install_portal(portal.server, portal.http, {"webhooks": [{"scope": ["crm"]}]})

    answer = poor.webhook("method.get", name=name)

    assert answer.result == {"isExisting": existing, "isAvailable": available}
    assert list(answer.result) == ["isExisting", "isAvailable"]


# scope


def test_scope_is_that_of_the_token_without_the_global_one(portal: TestPortal) -> None:
    given = ["crm", "basic", "tasks"]
    made = install_portal(
        portal.server,
        portal.http,
        {"webhooks": [{"scope": given}], "apps": [{"scope": given, "tokens": [{"user": 1}]}]},
    )

    assert made.admin("scope").result == ["crm", "tasks"]
    assert made.webhook("scope").result == ["crm", "tasks"]


def test_scope_full_is_that_of_the_portal(any_portal: TestPortal) -> None:
    assert any_portal.webhook("scope", FULL=True).result == list(DEFAULT_SCOPES)
    few = {"portal": {"scopes": ["crm", "im"]}}
    made = install_portal(any_portal.server, any_portal.http, few)
    assert made.admin("scope", full="1").result == ["crm", "im"]


# server.time


@CALLERS
def test_server_time_is_the_portals_in_its_zone(any_portal: TestPortal, caller: str) -> None:
    made = install_portal(
        any_portal.server, any_portal.http, {"portal": {"timezone": "Asia/Kolkata"}}
    )

    answer = getattr(made, caller)("server.time")

    shown = datetime.fromisoformat(answer.result)
    assert shown.utcoffset() == timedelta(hours=5, minutes=30)
    time = answer.body["time"]
    assert time["date_start"] <= answer.result <= time["date_finish"]
