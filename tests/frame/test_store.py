"""Open frames in the database."""

from __future__ import annotations

import pytest

from mock_bitrix.frame import store
from tests.frame.opened import framed_portal, open_page
from tests.support import TestPortal


def test_the_oldest_frames_are_forgotten_when_there_are_too_many(
    framed: TestPortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = open_page(framed_portal(framed))
    monkeypatch.setattr(store, "MOST_FRAMES", 3)
    opened = [open_page(framed).known["app_sid"] for _ in range(4)]
    database = framed.server.emulator.database

    found = [store.find_frame(database, app_sid) is not None for app_sid in opened]

    assert found == [False, True, True, True]
    assert store.find_frame(database, other.known["app_sid"]) is not None
