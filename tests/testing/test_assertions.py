"""What `Portal` asserts, and what it says where that doesn't hold."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mock_bitrix.testing import NotReachable, Portal

PAGE = Path(__file__).parents[2] / "docs" / "testing.md"


def take(portal: Portal, **more: Any) -> Any:
    return portal.call("event.offline.get", auth_connector="sync", **more)


def lose_a_take(portal: Portal, **more: Any) -> str:
    """Let the answer to a take be lost; the process that has reserved the rows."""
    portal.faults.lose_answer()
    with pytest.raises(NotReachable):
        take(portal, **more)
    return portal.calls[-1].process_id or ""


def complaint(check: Callable[..., object], *arguments: Any, **more: Any) -> str:
    with pytest.raises(AssertionError) as failed:
        check(*arguments, **more)
    return str(failed.value)


def test_taken_once_holds_though_the_first_answer_was_lost(synced: Portal) -> None:
    process = lose_a_take(synced, clear=0)
    take(synced, clear=0, process_id=process)

    synced.assert_taken_once()
    synced.assert_taken_once("oncrmleadadd")


def test_taken_once_fails_for_a_row_that_arrived_twice_and_shows_both_calls(
    synced: Portal,
) -> None:
    process = take(synced, clear=0)["process_id"]
    take(synced, clear=0, process_id=process)

    told = complaint(synced.assert_taken_once)

    assert told.startswith("1 of 1 events not taken exactly once:")
    assert told.count("arrived in ") == 2
    assert f"now reserved by process {process}" in told


def test_taken_once_allows_another_take_after_a_mark_as_an_error(synced: Portal) -> None:
    batch = take(synced, clear=0)
    messages = [event["MESSAGE_ID"] for event in batch["events"]]
    process = batch["process_id"]
    synced.call(
        "event.offline.error", process_id=process, message_id=messages, auth_connector="sync"
    )
    take(synced, error=1)

    synced.assert_taken_once()


def test_taken_once_fails_for_a_row_that_only_a_lost_answer_had(synced: Portal) -> None:
    lose_a_take(synced)

    told = complaint(synced.assert_taken_once)

    assert "was in the lost answer to" in told
    assert "no answer (drop_connection)" in told
    assert "now gone" in told
    assert complaint(synced.assert_nothing_lost).startswith("1 of 1 events not kept:")
    assert complaint(synced.assert_not_taken).startswith("1 of 1 events not left alone:")
    assert complaint(synced.assert_confirmed).startswith("1 of 1 events not confirmed:")


def test_a_take_in_a_batch_is_a_take(synced: Portal) -> None:
    commands = {"take": "event.offline.get?clear=0"}
    answer = synced.call("batch", cmd=commands, auth_connector="sync")

    synced.assert_taken_once()
    process = answer["result"]["take"]["process_id"]
    confirm = {"confirm": f"event.offline.clear?process_id={process}"}
    synced.call("batch", cmd=confirm, auth_connector="sync")
    synced.assert_confirmed()


def test_a_take_in_a_batch_whose_answer_was_lost_did_not_arrive(synced: Portal) -> None:
    synced.faults.lose_answer("batch")
    with pytest.raises(NotReachable):
        synced.call("batch", cmd={"take": "event.offline.get"}, auth_connector="sync")

    assert "was in the lost answer to" in complaint(synced.assert_nothing_lost)


def test_confirmed_needs_the_confirmation(synced: Portal) -> None:
    process = take(synced, clear=0)["process_id"]
    synced.assert_taken()
    synced.assert_nothing_lost()
    complaint(synced.assert_confirmed)

    synced.call("event.offline.clear", process_id=process, auth_connector="sync")

    synced.assert_confirmed()
    synced.wait_until_drained(timeout=0)


def test_a_confirmation_of_another_batch_or_row_confirms_nothing(synced: Portal) -> None:
    process = lose_a_take(synced, clear=0)
    synced.call("event.offline.clear", process_id="other", auth_connector="sync")
    synced.call("event.offline.clear", process_id=process, id=[99], auth_connector="sync")
    synced.control.empty()

    complaint(synced.assert_nothing_lost)


def test_an_assertion_about_rows_fails_where_there_were_none(throw_away: Portal) -> None:
    checks = [
        throw_away.assert_taken_once,
        throw_away.assert_taken,
        throw_away.assert_not_taken,
        throw_away.assert_confirmed,
        throw_away.assert_nothing_lost,
    ]

    for check in checks:
        assert "no event was ever queued" in complaint(check)
        assert "no ONCRMLEADADD was ever queued" in complaint(check, "ONCRMLEADADD")


def test_a_row_that_is_gone_without_any_call_is_lost(synced: Portal) -> None:
    synced.assert_not_taken()
    synced.control.empty()

    told = complaint(synced.assert_nothing_lost)

    assert "no take gave it" in told


def test_the_pages_failure_is_what_one_looks_like(synced: Portal) -> None:
    synced.call("event.offline.get", clear=0)

    told = complaint(synced.assert_taken_once)

    told = re.sub(r"\d\d:\d\d:\d\d", "10:00:00", told)
    told = re.sub(r"process \w{32}", "process k3…", told)
    told = re.sub(r"(?s)  10:00:00  event.bind.*?\n", "", told)
    assert f"```\n{told}\n```" in PAGE.read_text(encoding="utf-8")


def test_not_drained_says_what_is_left(synced: Portal) -> None:
    told = complaint(synced.wait_until_drained, timeout=0.05)

    assert told.startswith("not drained after 0.05 s; rows left: 1")
    assert 'now in the queue under auth_connector "sync"' in told


def test_called_counts_calls_with_these_parameters(synced: Portal) -> None:
    take(synced, clear=0, limit=3)
    take(synced, clear=0)

    synced.assert_called("event.offline.get")
    synced.assert_called("event.offline.*", 2)
    synced.assert_called("event.offline.get", 1, limit=3)
    told = complaint(synced.assert_called, "event.offline.get", 1, limit=4)
    assert 'not called once with {"limit": 4}; it was called 2 times in all' in told
    assert "event.offline.get limit=3 clear=0" in told or "clear=0 limit=3" in told


def test_called_names_what_was_called_instead(synced: Portal) -> None:
    take(synced)

    assert "called instead: event.offline.get" in complaint(
        synced.assert_called, "event.offline.gett"
    )


def test_waiting_for_a_call_gives_it_or_says_what_came(synced: Portal) -> None:
    worker = threading.Timer(0.05, take, [synced])
    worker.start()

    [call] = synced.wait_for_call("event.offline.get")

    worker.join()
    assert call.rows[0].event == "ONCRMLEADADD"
    assert "not called 2 times" in complaint(
        synced.wait_for_call, "event.offline.get", 2, timeout=0.05
    )
