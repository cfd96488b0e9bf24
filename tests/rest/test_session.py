"""A browser's session, which nobody has here (protocol B.7)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.support import Client, TestPortal

NO_AUTH = (401, "NO_AUTH_FOUND", "Wrong authorization data")
INVALID_TOKEN = (401, "invalid_token", "Unable to get application by token")
CSRF = {"X-Bitrix-Csrf-Token": "0123456789abcdef0123456789abcdef"}


@pytest.mark.parametrize(
    ("given", "headers"),
    [
        pytest.param({"sessid": CSRF["X-Bitrix-Csrf-Token"]}, {}, id="parameter"),
        pytest.param({"sessid": ""}, {}, id="empty parameter"),
        pytest.param({"sessid": ["x"]}, {}, id="array"),
        pytest.param({}, CSRF, id="header"),
        pytest.param({"auth": "", "access_token": ["x"], "aplogin": 1}, CSRF, id="no credentials"),
    ],
)
def test_a_session_fails_its_check(
    any_portal: TestPortal, given: dict[str, Any], headers: dict[str, str]
) -> None:
    answers = [
        any_portal.admin.send("POST", "profile", json=given, headers=headers) for _ in range(2)
    ]

    for answer in answers:
        assert answer.error == (401, "session_failed", "Sessid check failed")
        assert list(answer.body) == ["error", "error_description", "sessid"]
    sessions = {answer.body["sessid"] for answer in answers}
    assert len(sessions) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", session) for session in sessions)


@pytest.mark.parametrize("given", [{}, {"sessid": None}, {"SESSID": "x"}, {"Sessid": "x"}])
def test_without_a_sessid_it_is_no_session(portal: TestPortal, given: dict[str, Any]) -> None:
    assert portal.admin.send("POST", "profile", json=given).error == NO_AUTH


def test_a_token_and_a_webhook_are_asked_before_the_session(portal: TestPortal) -> None:
    garbage = Client(portal.http, portal.admin.base, "garbage")

    for caller in (portal.admin, portal.webhook):
        called = caller.send("POST", "profile", json={"auth": caller.token}, headers=CSRF)
        assert called.status == 200
        assert caller("profile", sessid="x").status == 200
    assert garbage("profile", sessid="x").error == INVALID_TOKEN


def test_an_unknown_method_is_asked_before_the_session(portal: TestPortal) -> None:
    assert portal.admin.send("POST", "no.such.method", headers=CSRF).status == 404
