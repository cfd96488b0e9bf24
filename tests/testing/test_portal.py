"""`Portal` in plain Python: what an application needs, what happens, what there is."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.request import urlopen

import pytest

from mock_bitrix import clock
from mock_bitrix.cli.environment import NAMES
from mock_bitrix.testing import ControlError, MockBitrix, NothingBound, Portal, Refused
from mock_bitrix.testing import RunningServer as Running


def test_a_portal_is_gone_after_with(server: MockBitrix) -> None:
    with server.portal() as portal:
        assert portal.call("profile")["ADMIN"] is True

    with pytest.raises(ControlError, match="no portal"):
        portal.control.snapshot()


def test_parts_replace_those_of_the_document(server: MockBitrix) -> None:
    users = [{"id": 7, "admin": True}]
    apps = [{"client_id": "local.mine", "tokens": [{"user": 7}]}]

    with server.portal({"users": [{"id": 3}], "apps": apps}, users=users) as portal:
        assert portal.client_id == "local.mine"
        assert portal.call("profile")["ID"] == "7"
        assert portal.refresh_token is None
        assert "/rest/7/" in portal.webhook


def test_a_portal_without_a_token_says_so(server: MockBitrix) -> None:
    with server.portal(apps=[{}]) as portal, pytest.raises(LookupError, match="has no token"):
        portal.call("profile")


def test_the_environment_reaches_it_as_env_would(throw_away: Portal) -> None:
    told = throw_away.environment

    with urlopen(told["MOCK_BITRIX_WEBHOOK"] + "profile") as answer:
        assert answer.status == 200
    running = Running(told["MOCK_BITRIX_URL"])
    assert running.control.portal(throw_away.member_id).calls()
    assert set(told) == {f"MOCK_BITRIX_{name.upper()}" for name in NAMES}


def test_the_default_portal_is_there(server: MockBitrix) -> None:
    assert server.default_portal().domain == "demo.bitrix24.test"


def test_a_refusal_has_status_code_and_text(throw_away: Portal) -> None:
    with pytest.raises(Refused, match=r"no\.such: 404 ERROR_METHOD_NOT_FOUND: ") as refused:
        throw_away.call("no.such")

    assert (refused.value.status, refused.value.text) == (404, "Method not found!")


def test_an_event_nobody_has_bound_names_the_bindings(synced: Portal) -> None:
    with pytest.raises(NothingBound, match=r"bound are ONCRMLEADADD \(local\.\w+, sync\)"):
        synced.emit("ONCRMDEALADD")


def test_an_event_carries_what_it_is_given_or_the_documented_sample(throw_away: Portal) -> None:
    throw_away.bind("ONCRMLEADADD")
    throw_away.emit("ONCRMLEADADD")
    throw_away.emit("ONCRMLEADADD", False)
    throw_away.emit("ONCRMLEADADD", FIELDS={"ID": 5})

    carried = [row.data for row in throw_away.queue]

    assert carried == [{"FIELDS": {"ID": "1000983"}}, False, {"FIELDS": {"ID": 5}}]


def test_the_same_change_is_the_same_row(synced: Portal) -> None:
    [first] = [row.id for row in synced.queue]

    assert synced.emit("ONCRMLEADADD", FIELDS={"ID": 5}) == [first]


def test_the_clock_moves_on_command(throw_away: Portal) -> None:
    own = throw_away.clock
    own.freeze("2026-01-02T10:00:00+00:00")
    own.advance(timedelta(minutes=1))
    own.advance(5)

    assert own.now == datetime.fromisoformat("2026-01-02T10:01:05+00:00")
    assert own.frozen
    own.resume()
    assert not own.frozen


def test_every_way_to_fail_can_be_ordered(throw_away: Portal) -> None:
    faults = throw_away.faults
    faults.lose_answer()
    faults.drop_connection()
    faults.malformed_body()
    faults.html_error_page()
    faults.slow(seconds=0.5)
    faults.fail("expired_token", "crm.*", None, probability=0.5)

    shown = [(each["fault"], each["when"], each["times"], each["delay"]) for each in faults.all()]

    assert shown == [
        ("drop_connection", "after", 1, 0.0),
        ("drop_connection", "before", 1, 0.0),
        ("malformed_body", "after", 1, 0.0),
        ("html_error_page", "before", 1, 0.0),
        ("slow", "before", None, 0.5),
        ("expired_token", "before", None, 0.0),
    ]
    faults.clear()
    assert faults.all() == []


def test_what_a_handler_was_sent_is_there(throw_away: Portal) -> None:
    throw_away.bind("ONCRMLEADADD", "http://127.0.0.1:9/nobody")
    throw_away.emit("ONCRMLEADADD")

    end = clock.stopwatch() + 5
    while not throw_away.deliveries and clock.stopwatch() < end:
        clock.pause(0.01)

    [delivery] = throw_away.deliveries
    assert delivery["handler"] == "http://127.0.0.1:9/nobody"
