"""The memory is bounded; ids grow."""

from __future__ import annotations

from mock_bitrix.events.deliver import Delivery
from mock_bitrix.events.letters import Letter
from mock_bitrix.journal.entries import Entry
from mock_bitrix.journal.journal import Journal


def _record(journal: Journal, *, portal: int = 1, size: int = 0) -> Entry:
    entry = journal.begin()
    entry.portal_id, entry.size = portal, size
    journal.record(entry)
    return entry


def test_the_oldest_calls_are_forgotten_when_there_are_too_many() -> None:
    journal = Journal(most=3)

    entries = [_record(journal) for _ in range(5)]

    assert journal.calls(1) == entries[2:]


def test_the_oldest_calls_are_forgotten_when_they_are_too_large() -> None:
    journal = Journal(largest=100)

    entries = [_record(journal, size=40) for _ in range(4)]

    assert journal.calls(1) == entries[2:]


def test_a_call_that_alone_is_too_large_is_not_remembered() -> None:
    journal = Journal(largest=100)

    _record(journal, size=101)

    assert journal.calls(1) == []


def test_calls_are_in_the_order_in_which_they_began() -> None:
    journal = Journal()
    first, second = journal.begin(), journal.begin()
    for entry in (second, first):
        entry.portal_id = 1
        journal.record(entry)

    assert journal.calls(1) == [first, second]
    assert journal.calls(1, since=first.id) == [second]


def test_forgetting_one_portal_leaves_the_others() -> None:
    journal = Journal()
    _record(journal, portal=1)
    other = _record(journal, portal=2)

    journal.forget(1)

    assert journal.calls(1) == []
    assert journal.calls(2) == [other]


def test_what_was_forgotten_leaves_room() -> None:
    journal = Journal(largest=100)
    _record(journal, portal=1, size=90)
    journal.forget(1)

    entry = _record(journal, portal=2, size=90)

    assert journal.calls(2) == [entry]


def test_deliveries_are_remembered_apart() -> None:
    journal = Journal()
    letter = Letter(1, "local.app", "ONCRMLEADADD", "http://h/", "event=ONCRMLEADADD", 5.0)

    journal.record_delivery(Delivery(letter, 200, "ok", duration=0.1))

    assert journal.calls(1) == []
    assert [each.delivery.status for each in journal.deliveries(1)] == [200]
    assert journal.deliveries(2) == []


def test_others_are_told_what_is_remembered_and_once() -> None:
    journal = Journal(most=2)
    journal.share()
    for _ in range(3):
        journal.record(journal.begin())

    assert journal.untold() == journal.calls(0)
    assert journal.untold() == []

    journal.record(journal.begin())
    assert journal.untold() == journal.calls(0)[-1:]
