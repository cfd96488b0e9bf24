"""How often the queue is counted for those who look on."""

from __future__ import annotations

import threading

import pytest

from mock_bitrix import clock
from mock_bitrix.clock import Clock
from mock_bitrix.console import figures
from mock_bitrix.console.figures import Figures
from mock_bitrix.portal.model import Portal
from mock_bitrix.queue.overview import Contents
from tests.support import TestPortal, lead_added


@pytest.fixture
def seen(portal: TestPortal) -> Portal:
    """The portal as it is known to the server."""
    found = portal.server.emulator.directory.revised().portal(portal.id)
    assert found is not None
    return found


def put_elsewhere(portal: TestPortal, number: int) -> None:
    """Another thread writes a row."""
    writing = threading.Thread(target=lambda: portal.rows([lead_added(number)]))
    writing.start()
    writing.join()


def test_a_queue_that_nobody_writes_to_is_not_counted_again(
    portal: TestPortal, seen: Portal
) -> None:
    database = portal.server.emulator.database
    if not database.is_sqlite:
        pytest.skip("only SQLite tells whether anybody has written")
    counted = Figures(database)

    first = counted.of(seen)
    clock.pause(0.1)

    assert counted.of(seen) is first


def test_a_queue_is_counted_again_once_counting_has_paid_off(
    portal: TestPortal, seen: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = Figures(portal.server.emulator.database)
    counted.of(seen)
    put_elsewhere(portal, 1)

    monkeypatch.setattr(figures, "SHARE", 0)

    assert [each.free for each in counted.of(seen)] == [1]


def test_figures_wait_where_counting_takes_long(
    portal: TestPortal, seen: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "SHARE", 1_000_000)
    counted = Figures(portal.server.emulator.database)
    first = counted.of(seen)
    put_elsewhere(portal, 1)

    assert counted.of(seen) is first
    monkeypatch.setattr(figures, "STALE", 0.0)
    assert counted.of(seen) == [Contents(first_application(portal), "", free=1)]


def test_figures_follow_the_clock_at_once(portal: TestPortal, seen: Portal) -> None:
    from dataclasses import replace

    portal.rows([lead_added(1)])
    counted = Figures(portal.server.emulator.database)
    assert len(counted.of(seen)) == 1

    later = replace(seen, clock=Clock(offset=seen.retention + 60.0))

    assert counted.of(later) == []


def first_application(portal: TestPortal) -> int:
    """The number of the portal's application."""
    directory = portal.server.emulator.directory
    found = directory.portal(portal.id)
    assert found is not None
    return directory.applications(found)[0].id
