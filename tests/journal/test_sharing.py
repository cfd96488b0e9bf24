"""Two servers on one database read each other's journals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from mock_bitrix import clock
from mock_bitrix.journal import sharing
from mock_bitrix.journal.sharing import Sharing
from mock_bitrix.storage import schema
from mock_bitrix.storage.statement import Statement
from mock_bitrix.testing import MockBitrix
from mock_bitrix.testing.control import Control, ControlError
from tests.support import Client


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[MockBitrix]]:
    """Two servers on one SQLite file."""
    url = f"sqlite:///{tmp_path_factory.mktemp('pair') / 'portals.sqlite'}"
    with MockBitrix(database=url) as one, MockBitrix(database=url) as other:
        yield [one, other]


@pytest.fixture
def name(pair: list[MockBitrix]) -> str:
    """A portal of its own."""
    return Control(pair[0].url).create({"apps": [{"tokens": [{}]}]}).name


def _call(server: MockBitrix, name: str, http: httpx.Client, method: str = "profile") -> None:
    app = Control(server.url).portal(name).snapshot()["apps"][0]
    Client(http, f"{server.url}/rest", app["tokens"][0]["access_token"])(method)


def test_each_shows_the_calls_of_both_in_order(
    pair: list[MockBitrix], name: str, http: httpx.Client
) -> None:
    for number, method in enumerate(["profile", "event.get", "scope", "methods"]):
        _call(pair[number % 2], name, http, method)

    for server in pair:
        portal = Control(server.url).portal(name)
        methods = ["profile", "event.get", "scope", "methods"]
        assert [call["method"] for call in portal.calls()] == methods
        assert [call["method"] for call in portal.calls("e*")] == ["event.get"]
        assert [call["method"] for call in portal.calls(limit=1)] == ["methods"]


def test_one_waits_for_calls_of_the_other(
    pair: list[MockBitrix], name: str, http: httpx.Client
) -> None:
    _call(pair[1], name, http)

    assert Control(pair[0].url).portal(name).wait(calls=1)["calls"] == 1
    with pytest.raises(ControlError):
        Control(pair[0].url).portal(name).wait(calls=2, timeout=0)


def test_what_one_forgets_the_other_forgets(
    pair: list[MockBitrix], name: str, http: httpx.Client
) -> None:
    for server in pair:
        _call(server, name, http)

    Control(pair[0].url).portal(name).forget_calls()

    assert [Control(server.url).portal(name).calls() for server in pair] == [[], []]


def test_figures_are_those_of_both(pair: list[MockBitrix], name: str, http: httpx.Client) -> None:
    _call(pair[0], name, http, "server.time")
    _call(pair[1], name, http, "server.time")

    for server in pair:
        assert 'method="server.time",status="200"} 2\n' in Control(server.url).metrics()


def test_a_process_that_is_gone_is_not_waited_for(
    tmp_path: Path, http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'portals.sqlite'}"
    with MockBitrix(database=url) as one:
        portal = Control(one.url).create({"apps": [{"tokens": [{}]}]})
        with MockBitrix(database=url) as other:
            _call(other, portal.name, http)
        monkeypatch.setattr(sharing, "PATIENCE", 1e9)

        assert [call["method"] for call in portal.calls()] == ["profile"]


@pytest.mark.parametrize(("others", "seconds"), [(1, 0.03), (59, 0.2), (1000, 1.0)])
def test_the_more_processes_there_are_the_less_often_each_looks(
    others: int, seconds: float
) -> None:
    with MockBitrix() as server:
        sharing = Sharing(server.emulator)
        database = server.emulator.database
        with database.transaction():
            now = clock.system_now()
            database.change_many(
                Statement(schema.processes.insert()),
                [
                    {"id": str(each), "seen": now, "asked": 0, "told": 0, "metrics": "{}"}
                    for each in range(others)
                ],
            )
        sharing.stay()

        assert sharing.look_every == seconds
        assert sharing.living == others + 1
