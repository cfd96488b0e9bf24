"""The machine's clock jumps backwards: no row is lost, and nothing waits until it has caught up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest

from mock_bitrix import clock
from mock_bitrix.testing import MockBitrix
from mock_bitrix.testing.control import Control, PortalControl
from tests.proof.calling import Caller

HOUR = 3600.0
EVENT = "ONCRMLEADADD"


@dataclass
class Machine:
    """What the system says that the time is."""

    jumped: float = 0.0


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine whose clock can be set."""
    found, real = Machine(), clock.system_now
    monkeypatch.setattr(clock, "system_now", lambda: real() + found.jumped)
    return found


@pytest.fixture
def portal(machine: Machine) -> Iterator[PortalControl]:
    with MockBitrix() as server:
        app = {
            "scope": ["crm"],
            "tokens": [{"user": 1}],
            "bindings": [{"event": EVENT, "type": "offline"}],
        }
        yield Control(server.url).create({"apps": [app]})


@pytest.fixture
def caller(portal: PortalControl) -> Iterator[Caller]:
    calling = Caller(portal.transport.url, portal.document["apps"][0]["tokens"][0]["access_token"])
    yield calling
    calling.close()


def happens(portal: PortalControl, lead: int) -> Any:
    """A lead is added; where the change is queued."""
    return portal.emit(EVENT, {"FIELDS": {"ID": lead}})["queued"][0]


def ids(result: Any) -> list[int]:
    return [int(event["ID"]) for event in result["events"]]


def test_rows_stay_and_are_taken(machine: Machine, portal: PortalControl, caller: Caller) -> None:
    happens(portal, 1)
    batch = caller.result("event.offline.get", clear=0)
    happens(portal, 2)
    machine.jumped = -HOUR

    assert [row["id"] for row in portal.queue()] == [1, 2]
    assert happens(portal, 3)["id"] == 3
    assert happens(portal, 2)["refreshed"]
    assert ids(caller.result("event.offline.get")) == [2, 3]
    again = caller.result("event.offline.get", process_id=batch["process_id"])
    assert ids(again) == [1]
    assert portal.queue() == []


def test_new_tokens_are_good_and_old_ones_too(
    machine: Machine, portal: PortalControl, caller: Caller
) -> None:
    issued = portal.issue_token(expires_in=60)
    machine.jumped = -HOUR

    caller.token = issued["access_token"]
    assert caller("profile")[0] == 200
    caller.token = portal.issue_token(expires_in=60)["access_token"]
    assert caller("profile")[0] == 200
    machine.jumped = -HOUR + 61
    assert caller("profile")[0] == 401


def test_the_limit_of_requests_neither_opens_nor_shuts(
    machine: Machine, portal: PortalControl, caller: Caller
) -> None:
    portal.switches(request_limit="standard", request_capacity=3, request_rate=1)
    assert [caller("profile")[0] for _ in range(5)][-1] == 503
    machine.jumped = -HOUR
    assert caller("profile")[0] == 503
    machine.jumped = -HOUR + 60
    assert [caller("profile")[0] for _ in range(3)] == [200] * 3


def test_the_journal_goes_on_in_order(
    machine: Machine, portal: PortalControl, caller: Caller
) -> None:
    caller.result("profile")
    machine.jumped = -HOUR
    caller.result("scope")

    calls = portal.calls()
    assert [call["method"] for call in calls] == ["profile", "scope"]
    assert all(earlier["id"] < later["id"] for earlier, later in pairwise(calls))
