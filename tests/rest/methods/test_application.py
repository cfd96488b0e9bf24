"""`app.info` (protocol B.10)."""

from __future__ import annotations

import pytest

from tests.support import Json, TestPortal, install_portal

KEYS = [
    "ID",
    "CODE",
    "VERSION",
    "STATUS",
    "INSTALLED",
    "PAYMENT_EXPIRED",
    "DAYS",
    "LANGUAGE_ID",
    "LICENSE",
    "LICENSE_TYPE",
    "LICENSE_FAMILY",
]


def test_app_info_shows_the_application_and_the_plan(portal: TestPortal) -> None:
    apps = [{"client_id": "local.shop", "version": 4, "status": "F", "tokens": [{"user": 1}]}]
    made = install_portal(
        portal.server, portal.http, {"portal": {"license": "de_ent10000"}, "apps": apps}
    )

    shown = made.admin("app.info").result

    assert list(shown) == KEYS
    assert type(shown.pop("ID")) is int
    assert list(shown.values()) == [
        "local.shop",
        4,
        "F",
        True,
        "N",
        None,
        "de",
        "de_ent10000",
        "ent10000",
        "ent",
    ]


@pytest.mark.parametrize("caller", ["admin", "user"])
def test_app_info_is_for_every_user(any_portal: TestPortal, caller: str) -> None:
    assert list(getattr(any_portal, caller)("app.info").result) == KEYS


def test_app_info_of_a_webhook_is_its_scope_and_the_plan(any_portal: TestPortal) -> None:
    expected: Json = {"SCOPE": ["crm", "task", "user"], "LICENSE": "en_ent250"}

    assert any_portal.webhook("app.info").result == expected


def test_app_info_tells_that_the_installation_is_not_finished(portal: TestPortal) -> None:
    apps = [{"installed": False, "tokens": [{"user": 1}]}]

    made = install_portal(portal.server, portal.http, {"apps": apps})

    assert made.admin("app.info").result["INSTALLED"] is False
