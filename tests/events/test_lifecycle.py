"""An application's life: what it hears, and what is left of it (protocol G.6, B.4)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mock_bitrix.events import lifecycle
from mock_bitrix.portal.model import Application
from tests.events.changes import application_of, bind_offline, bind_online, change, portal_of
from tests.events.handlers import Handler
from tests.support import SCOPE, Json, TestPortal, install_portal


@pytest.fixture
def handler() -> Iterator[Handler]:
    with Handler() as listening:
        yield listening


def life(test: TestPortal) -> tuple[Json, Json, Application]:
    """What every verb begins with."""
    return test.server.emulator, portal_of(test), application_of(test)


def portal_with(portal: TestPortal, **application: Json) -> TestPortal:
    usual = {"scope": SCOPE, "tokens": [{"user": 1}]}
    return install_portal(portal.server, portal.http, {"apps": [{**usual, **application}]})


def test_finishing_the_installation_is_the_first_thing_that_it_hears(
    portal: TestPortal, handler: Handler
) -> None:
    new = portal_with(portal, installed=False, version=3)
    bind_online(new, handler.url)
    bind_online(new, handler.url, "ONAPPINSTALL")
    change(new)

    lifecycle.install(*life(new), user_id=1)
    change(new, user_id=1)

    first, second = handler.next().fields, handler.next().fields
    assert first["event"] == "ONAPPINSTALL"
    assert first["data"] == {
        "VERSION": "3",
        "ACTIVE": "Y",
        "INSTALLED": "Y",
        "LANGUAGE_ID": "en",
    }
    assert second["event"] == "ONCRMLEADADD"
    assert new.admin("app.info").result["INSTALLED"] is True


def test_an_unfinished_installation_may_call_and_hears_nothing(portal: TestPortal) -> None:
    new = portal_with(portal, installed=False)
    bind_offline(new)

    change(new)

    assert new.queue() == []


def test_an_application_without_a_frame_hears_of_its_installation_at_its_install_url(
    portal: TestPortal, handler: Handler
) -> None:
    new = portal_with(portal, installed=False, install_url=handler.url)

    lifecycle.install(*life(new), user_id=1)

    given = handler.next().fields
    assert given["event"] == "ONAPPINSTALL"
    assert given["auth"]["refresh_token"]


def test_a_framed_application_is_shown_its_install_url_and_not_called_there(
    portal: TestPortal,
) -> None:
    address = "http://127.0.0.1:9/"
    new = portal_with(portal, installed=False, install_url=address, handler_url=address)

    assert lifecycle.install(*life(new)).due == []


def test_an_update_names_both_versions_and_leaves_the_bindings(
    portal: TestPortal, handler: Handler
) -> None:
    bind_online(portal, handler.url, "ONAPPUPDATE")

    lifecycle.update(*life(portal), version=2, user_id=1)

    given = handler.next().fields
    assert given["data"] == {"VERSION": "2", "PREVIOUS_VERSION": "1", "LANGUAGE_ID": "en"}
    assert portal.admin("app.info").result["VERSION"] == 2
    assert [b["event"] for b in portal.admin("event.get").result] == ["ONAPPUPDATE"]


@pytest.mark.parametrize(("clean", "shown"), [(True, "1"), (False, "0")])
def test_uninstalling_is_heard_without_tokens(
    portal: TestPortal, handler: Handler, clean: bool, shown: str
) -> None:
    bind_online(portal, handler.url, "ONAPPUNINSTALL")

    lifecycle.uninstall(*life(portal), clean=clean, user_id=1)

    given = handler.next().fields
    assert given["data"] == {"LANGUAGE_ID": "en", "CLEAN": shown}
    assert "access_token" not in given["auth"]


def test_uninstalling_takes_bindings_and_queue_and_ends_the_tokens(portal: TestPortal) -> None:
    bind_offline(portal)
    change(portal)
    emulator = portal.server.emulator

    lifecycle.uninstall(*life(portal))

    assert portal.admin("event.offline.list").error == (
        401,
        "ERROR_OAUTH",
        "Application not installed",
    )
    lifecycle.install(*life(portal))
    assert portal.admin("event.offline.list").error[1] == "invalid_token"
    assert emulator.directory.revised().bindings(portal_of(portal)) == []
    assert change(portal).queued == []


def test_a_new_installation_begins_with_an_empty_queue(portal: TestPortal) -> None:
    from mock_bitrix.portal.tokens import Tokens

    bind_offline(portal)
    change(portal)
    lifecycle.uninstall(*life(portal))
    lifecycle.install(*life(portal))

    emulator, known, application = life(portal)
    token = Tokens(emulator.database, known).issue(application, 1)

    portal.admin.token = token.access_token
    assert portal.queue() == []


def test_a_payment_is_heard_with_what_was_paid_for(portal: TestPortal, handler: Handler) -> None:
    bind_online(portal, handler.url, "ONAPPPAYMENT")

    lifecycle.pay(*life(portal), status="S", days=28)

    given = handler.next().fields
    assert given["data"] == {
        "CODE": portal.client_id,
        "VERSION": "1",
        "STATUS": "S",
        "PAYMENT_EXPIRED": "N",
        "DAYS": "28",
        "LANGUAGE_ID": "en",
    }


def test_an_expired_payment_silences_the_application(portal: TestPortal) -> None:
    bind_offline(portal, "ONAPPPAYMENT")
    bind_offline(portal)

    outcome = lifecycle.pay(*life(portal), status="T", expired=True)

    assert [skipped.reason for skipped in outcome.skipped] == [
        "the application's payment has expired"
    ]
    assert change(portal).queued == []
    assert portal.admin("app.info").error[1] == "PAYMENT_REQUIRED"
