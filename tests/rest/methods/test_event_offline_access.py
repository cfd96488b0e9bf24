"""Who may call event.offline.*, and in which order that is checked (protocol B.8, D.0, E)."""

from __future__ import annotations

import pytest

from tests.rest.methods.offline import (
    CLEAR,
    ERROR,
    GET,
    LIST,
    P1,
    filled,
    ids,
    leads,
    left_ids,
    message,
    portal_like,
    refusal,
    without_extended_offline_events,
)
from tests.support import TestPortal

WRONG_AUTH = (403, "WRONG_AUTH_TYPE", "Current authorization type is denied for this method", None)
NO_ADMIN = (403, "ACCESS_DENIED", "Access denied!", None)
NO_KEEPING = (
    403,
    "WRONG_LICENSE",
    "This feature is not enabled for the current license: extended offline events handling",
    None,
)
every_method = pytest.mark.parametrize("method", [GET, LIST, CLEAR, ERROR])


@every_method
def test_webhook_may_not_call_offline_methods(any_portal: TestPortal, method: str) -> None:
    assert refusal(any_portal.webhook(method)) == WRONG_AUTH


@every_method
def test_auth_type_is_checked_before_the_administrator(
    cloud_portal: TestPortal, method: str
) -> None:
    portal = portal_like(cloud_portal, webhooks=[{"user": 2}])

    assert refusal(portal.webhook(method)) == WRONG_AUTH


@every_method
def test_cloud_lets_only_administrators_call(cloud_portal: TestPortal, method: str) -> None:
    filled(cloud_portal, leads([1]))

    assert refusal(cloud_portal.user(method, process_id="")) == NO_ADMIN
    assert left_ids(cloud_portal) == [1]


def test_docs_lets_any_user_call(portal: TestPortal) -> None:
    filled(portal, leads([1, 2]))

    assert ids(portal.user(LIST)) == [1, 2]
    process = portal.user(GET, clear=0, limit=1).result["process_id"]
    assert portal.user(ERROR, process_id=process, message_id=[message(1)]).result is True
    assert portal.user(CLEAR, process_id="").result is True


def test_keeping_needs_the_plan(any_portal: TestPortal) -> None:
    portal = without_extended_offline_events(filled(any_portal, leads([1])))

    assert refusal(portal.admin(GET, clear=0)) == NO_KEEPING
    assert refusal(portal.admin(GET, clear="Y", process_id="x")) == NO_KEEPING
    assert left_ids(portal) == [1]
    assert ids(portal.admin(GET)) == [1]


def test_the_other_methods_do_not_need_the_plan(any_portal: TestPortal) -> None:
    portal = without_extended_offline_events(filled(any_portal, leads([1], process_id=P1)))

    assert ids(portal.admin(LIST)) == [1]
    assert portal.admin(ERROR, process_id=P1, message_id=[]).result is True
    assert portal.admin(CLEAR, process_id=P1).result is True


def test_plan_is_checked_before_arguments(any_portal: TestPortal) -> None:
    portal = without_extended_offline_events(any_portal)

    assert refusal(portal.admin(GET, clear=0, limit=0, filter="x")) == NO_KEEPING


def test_administrator_is_checked_before_the_plan(cloud_portal: TestPortal) -> None:
    portal = without_extended_offline_events(cloud_portal)

    assert refusal(portal.user(GET, clear=0)) == NO_ADMIN


def test_plan_and_take_read_the_same_spelling_of_clear(any_portal: TestPortal) -> None:
    portal = without_extended_offline_events(any_portal)

    assert refusal(portal.admin.form(GET, "CLEAR=1&clear=0")) == NO_KEEPING
    assert portal.admin.form(GET, "clear=0&CLEAR=1").result["process_id"] is None
