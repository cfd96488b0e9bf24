"""The connector of a call, `auth_connector` (protocol B.5)."""

from __future__ import annotations

import pytest

from tests.rest.support import refused, without_feature
from tests.support import TestPortal


def test_a_connector_may_come_by_query_form_or_json(portal: TestPortal) -> None:
    token = portal.admin.token
    given = {"auth": token, "event_type": "offline", "auth_connector": "X"}

    portal.http.get(f"{portal.admin.base}/event.bind", params={**given, "event": "ONCRMLEADADD"})
    portal.admin.send("POST", "event.bind", data={**given, "event": "ONCRMDEALADD"})
    portal.admin.send("POST", "event.bind", json={**given, "event": "ONCRMCONTACTADD"})

    assert [b["connector_id"] for b in portal.admin("event.get").result] == ["X", "X", "X"]


@pytest.mark.parametrize("connector", ["", "X"])
def test_a_connector_is_a_matter_of_the_plan_for_every_method(
    portal: TestPortal, connector: str
) -> None:
    poor = without_feature(portal, "rest_auth_connector")
    text = "This feature is not enabled for the current license: auth_connector"

    for method in ("profile", "event.offline.get", "batch"):
        answer = poor.admin(method, auth_connector=connector)
        assert refused(answer, 403, "WRONG_LICENSE", text)
    assert poor.admin("profile", auth_connector=None).status == 200
    assert poor.admin("profile").status == 200


def test_a_webhooks_connector_is_an_ordinary_parameter(portal: TestPortal) -> None:
    poor = without_feature(portal, "rest_auth_connector")

    assert poor.webhook("profile", auth_connector="X" * 500).status == 200


@pytest.mark.parametrize("character", ["x", "ä", "😀"])
def test_a_connector_has_at_most_100_characters(portal: TestPortal, character: str) -> None:
    longest, too_long = character * 100, character * 101

    answer = portal.admin("profile", auth_connector=too_long)

    assert portal.admin("profile", auth_connector=longest).status == 200
    assert answer.error[:2] == (400, "ERROR_ARGUMENT")
    assert answer.body["argument"] == "auth_connector"


def test_a_connector_that_is_an_array_is_refused(portal: TestPortal) -> None:
    answer = portal.admin("event.offline.get", auth_connector=["X"])

    text = "The value of an argument 'auth_connector' has an invalid type"
    assert answer.error == (400, "ERROR_ARGUMENT", text)


def test_connectors_are_compared_exactly(portal: TestPortal) -> None:
    for connector in ("x", "X", "x ", " x"):
        portal.admin(
            "event.bind", event="ONCRMLEADADD", event_type="offline", auth_connector=connector
        )

    shown = [b["connector_id"] for b in portal.admin("event.get").result]
    assert shown == ["x", "X", "x ", " x"]
