"""Hints are found for each call, and the queue is asked seldom."""

from __future__ import annotations

import pytest

from mock_bitrix import clock
from mock_bitrix.journal.entries import Entry
from mock_bitrix.log import hinting
from mock_bitrix.log.hinting import Hinting
from mock_bitrix.queue.overview import Overview, Waiting
from tests.support import TestPortal, lead_added


@pytest.fixture
def empty_take(portal: TestPortal) -> Entry:
    """A take without the connector under which a row waits."""
    portal.rows([lead_added(1, auth_connector="sync")])
    portal.admin("event.offline.get")
    return portal.server.emulator.journal.calls(portal.id)[-1]


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one each time that a queue is asked."""
    seen: list[int] = []
    usual = Overview.waiting

    def waiting(self: Overview, application_id: int) -> list[Waiting]:
        seen.append(application_id)
        return usual(self, application_id)

    monkeypatch.setattr(Overview, "waiting", waiting)
    return seen


def test_an_empty_take_is_told_where_rows_wait(portal: TestPortal, empty_take: Entry) -> None:
    found = Hinting(portal.server.emulator).of(empty_take)

    assert found == ['1 rows wait under auth_connector "sync"; the take named none']


def test_the_queue_is_asked_once_in_a_while(
    portal: TestPortal, empty_take: Entry, looks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    hints = Hinting(portal.server.emulator)
    for _ in range(50):
        assert hints.of(empty_take)
    assert len(looks) == 1

    later = clock.stopwatch() + hinting.KNOWN_FOR + hinting.SHARE
    monkeypatch.setattr(clock, "stopwatch", lambda: later)
    hints.of(empty_take)

    assert len(looks) == 2


def test_a_take_that_gives_something_asks_no_queue(portal: TestPortal, looks: list[int]) -> None:
    portal.rows([lead_added(1)])
    portal.admin("event.offline.get")
    entry = portal.server.emulator.journal.calls(portal.id)[-1]

    assert Hinting(portal.server.emulator).of(entry) == []
    assert looks == []
