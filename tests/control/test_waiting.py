"""Waiting for an empty queue, or for calls."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from mock_bitrix.testing.control import ControlError, PortalControl
from tests.support import Client, lead_added


def test_an_empty_queue_is_drained(made: PortalControl) -> None:
    assert made.wait(drained=True)["rows"] == 0


def test_it_answers_as_soon_as_the_last_row_is_gone(made: PortalControl, caller: Client) -> None:
    made.put(lead_added(1))
    worker = threading.Timer(0.1, lambda: caller("event.offline.get"))
    worker.start()

    assert made.wait(drained=True, timeout=20)["rows"] == 0
    worker.join()


def test_what_is_left_is_told_when_the_time_is_over(made: PortalControl, caller: Client) -> None:
    made.put(lead_added(1), lead_added(2))
    caller("event.offline.get", clear=0, limit=1)

    with pytest.raises(ControlError) as refused:
        made.wait(drained=True, timeout=0)

    left: dict[str, Any] = refused.value.answer
    assert refused.value.status == 408
    assert left["rows"] == 2
    assert left["states"] == {"free": 1, "reserved": 1}
    assert [row["id"] for row in left["left"]] == [1, 2]


def test_it_waits_for_calls(made: PortalControl, caller: Client) -> None:
    caller("profile")
    with pytest.raises(ControlError):
        made.wait(calls=2, timeout=0)

    caller("profile")

    assert made.wait(calls=2)["calls"] == 2
    waited = made.transport.call("GET", f"/portals/{made.name}/wait?calls>=2")
    assert waited["calls"] == 2


def test_it_must_be_told_what_to_wait_for(made: PortalControl) -> None:
    with pytest.raises(ControlError) as refused:
        made.wait()

    assert refused.value.status == 422


def test_other_calls_are_answered_meanwhile(made: PortalControl, caller: Client) -> None:
    made.put(lead_added(1))
    waits = [threading.Thread(target=made.wait, kwargs={"drained": True}) for _ in range(50)]
    for wait in waits:
        wait.start()

    assert caller("profile").status == 200

    made.empty()
    for wait in waits:
        wait.join()
