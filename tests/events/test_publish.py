"""Who hears of a change (protocol G.1 to G.3), and what becomes of its record (E.4)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import bindparam, update

from mock_bitrix.events.publish import Queued
from mock_bitrix.storage import schema
from mock_bitrix.storage.statement import Statement
from tests.events.changes import LEAD, application_of, bind_offline, change, rolled_back
from tests.support import SCOPE, TestPortal, install_portal

SAME, OTHER, NOBODY = "same", "other", None


def caused_by(test: TestPortal, who: str | None, connector: str = "") -> dict[str, Any]:
    client_id = test.client_id if who == SAME else who
    return {"client_id": client_id, "connector": connector, "user_id": 1}


@pytest.mark.parametrize(
    ("who", "connector", "hears_plain", "hears_x"),
    [
        (NOBODY, "", True, True),
        (OTHER, "", True, True),
        (OTHER, "X", True, True),
        (SAME, "", False, True),
        (SAME, "X", True, False),
        (SAME, "Y", True, True),
        (SAME, "x", True, True),
    ],
)
def test_an_echo_is_the_same_application_under_the_same_connector(
    portal: TestPortal, who: str | None, connector: str, hears_plain: bool, hears_x: bool
) -> None:
    bind_offline(portal)
    bind_offline(portal, connector="X")

    outcome = change(portal, **caused_by(portal, who, connector))

    expected = {"": hears_plain, "X": hears_x}
    assert {row.connector for row in outcome.queued} == {
        c for c, heard in expected.items() if heard
    }
    assert {s.connector for s in outcome.skipped} == {
        c for c, heard in expected.items() if not heard
    }
    assert all("echo" in skipped.reason for skipped in outcome.skipped)
    for box, heard in expected.items():
        assert bool(portal.queue(auth_connector=box)) is heard


def test_a_call_of_the_application_itself_is_its_own_echo(portal: TestPortal) -> None:
    bind_offline(portal, "ONAPPTEST")
    bind_offline(portal, "ONAPPTEST", connector="X")

    assert portal.admin("event.test", any="data").result == 1

    assert portal.queue() == []
    (row,) = portal.queue(auth_connector="X")
    assert row["EVENT_DATA"] == {"QUERY": {"any": "data"}, "LANGUAGE_ID": "en"}


def test_online_bindings_hear_their_own_echo(portal: TestPortal) -> None:
    handler = "http://127.0.0.1:9/unheard"
    assert portal.admin("event.bind", event="ONCRMLEADADD", handler=handler).result

    outcome = change(portal, **caused_by(portal, SAME))

    assert [due.binding.handler for due in outcome.due] == [handler]


_set = Statement(
    update(schema.applications)
    .where(schema.applications.c.id == bindparam("number"))
    .values(
        active=bindparam("active"),
        installed=bindparam("installed"),
        payment_expired=bindparam("payment_expired"),
        scope=bindparam("scope"),
    )
)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ({"active": 0}, "not active"),
        ({"installed": 0}, "not finished"),
        ({"scope": '["task"]'}, "lacks crm"),
        ({"payment_expired": 1}, "payment"),
        ({"active": 0, "installed": 0, "payment_expired": 1}, "not active"),
    ],
)
def test_an_application_that_may_not_hear_is_passed_over(
    portal: TestPortal, state: dict[str, object], reason: str
) -> None:
    bind_offline(portal)
    usual = {"active": 1, "installed": 1, "payment_expired": 0, "scope": '["crm"]'}
    database = portal.server.emulator.database
    with database.transaction():
        database.run(_set, number=application_of(portal).id, **{**usual, **state})
        database.raise_revision()

    outcome = change(portal)

    assert not outcome.queued
    assert [reason in skipped.reason for skipped in outcome.skipped] == [True]


def test_an_event_reaches_the_bindings_of_its_own_code_only(portal: TestPortal) -> None:
    bind_offline(portal, "ONCRMLEADADD")
    bind_offline(portal, "ONCRMLEADUPDATE")

    outcome = change(portal, "ONCRMLEADUPDATE")

    assert len(outcome.queued) == 1
    assert not outcome.skipped
    assert [row["EVENT_NAME"] for row in portal.queue()] == ["ONCRMLEADUPDATE"]


def test_each_application_and_connector_gets_a_row_of_its_own(portal: TestPortal) -> None:
    both = install_portal(
        portal.server,
        portal.http,
        {
            "apps": [
                {"client_id": name, "scope": SCOPE, "tokens": [{"user": 1}], "bindings": bindings}
                for name, bindings in {
                    "local.one": [offline(""), offline("X")],
                    "local.two": [offline("")],
                }.items()
            ]
        },
    )

    outcome = change(both, client_id="local.two")

    assert [(row.client_id, row.connector) for row in outcome.queued] == [
        ("local.one", ""),
        ("local.one", "X"),
    ]
    assert [skipped.client_id for skipped in outcome.skipped] == ["local.two"]


def offline(connector: str) -> dict[str, str]:
    return {"event": "ONCRMLEADADD", "type": "offline", "auth_connector": connector}


@pytest.mark.parametrize(("user_id", "shown"), [(7, "7"), (0, 0)])
def test_a_record_names_who_made_the_change(
    portal: TestPortal, user_id: int, shown: object
) -> None:
    bind_offline(portal)

    change(portal, user_id=user_id)

    (row,) = portal.queue()
    assert row["EVENT_ADDITIONAL"] == {"user_id": shown}
    assert type(row["EVENT_ADDITIONAL"]["user_id"]) is type(shown)


# The life cycle of a row (protocol E.4).


def test_the_same_change_again_refreshes_the_free_row(portal: TestPortal) -> None:
    bind_offline(portal)

    (first,) = change(portal, user_id=1).queued
    (again,) = change(portal, user_id=2).queued

    assert again == Queued(portal.client_id, "", first.id, refreshed=True)
    (row,) = portal.queue()
    assert row["EVENT_ADDITIONAL"] == {"user_id": "2"}


def test_a_change_of_a_reserved_row_is_a_new_row(portal: TestPortal) -> None:
    bind_offline(portal)
    change(portal)
    process_id = portal.admin("event.offline.get", clear=0).result["process_id"]

    (again,) = change(portal).queued

    assert not again.refreshed
    assert [row["PROCESS_ID"] for row in portal.queue()] == [process_id, ""]


def test_a_change_of_a_row_that_was_taken_is_a_new_row(portal: TestPortal) -> None:
    bind_offline(portal)
    (first,) = change(portal).queued
    portal.admin("event.offline.get")

    (again,) = change(portal).queued

    assert (again.refreshed, again.id > first.id) == (False, True)


def test_a_row_in_error_absorbs_the_change_and_stays_in_error(portal: TestPortal) -> None:
    bind_offline(portal)
    change(portal)
    taken = portal.admin("event.offline.get", clear=0).result
    marked = [taken["events"][0]["MESSAGE_ID"]]
    portal.admin("event.offline.error", process_id=taken["process_id"], message_id=marked)

    (again,) = change(portal).queued

    assert again.refreshed
    assert [row["ERROR"] for row in portal.queue()] == ["1"]
    assert portal.admin("event.offline.get").result["events"] == []
    assert len(portal.admin("event.offline.get", error=1).result["events"]) == 1


def test_another_event_of_the_same_entity_is_a_row_of_its_own(portal: TestPortal) -> None:
    bind_offline(portal)
    bind_offline(portal, "ONCRMLEADUPDATE")

    change(portal, "ONCRMLEADADD", LEAD)
    change(portal, "ONCRMLEADUPDATE", LEAD)

    assert len({row["MESSAGE_ID"] for row in portal.queue()}) == 2


def test_nothing_is_queued_where_the_change_is_rolled_back(portal: TestPortal) -> None:
    bind_offline(portal)

    with rolled_back(portal):
        change(portal)

    assert portal.queue() == []
