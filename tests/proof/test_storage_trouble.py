"""A database that is full, read-only or locked: a clear answer, no lost row, well again after."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mock_bitrix.testing import MockBitrix
from mock_bitrix.testing.control import Control, PortalControl
from tests.cli.program import Serving, finished
from tests.proof.calling import Caller

SQL_ERROR = (500, "ERROR_CORE", "SQL query error!")
GET, TEST = "event.offline.get", "event.test"
CONNECTOR = "own"
BINDING = {"event": "ONAPPTEST", "type": "offline", "auth_connector": CONNECTOR}
DOCUMENT = {"apps": [{"tokens": [{"user": 1}], "bindings": [BINDING]}]}


class Desk:
    """A portal on a server, with an application that causes events by itself."""

    def __init__(self, url: str) -> None:
        self.portal: PortalControl = Control(url).create(DOCUMENT)
        self.caller = Caller(url, self.portal.document["apps"][0]["tokens"][0]["access_token"])

    def put(self, size: int = 10) -> tuple[int, str, str] | None:
        """Let one change happen; the refusal, if it is one."""
        return refusal(self.caller(TEST, text=f"{time.time_ns()}{'x' * size}"))

    def fill(self) -> int:
        """Let changes happen until there is no room; how many did."""
        for number in range(10_000):
            refused = self.put(20_000)
            if refused:
                assert refused == SQL_ERROR
                return number
        pytest.fail("the database is never full")

    def take(self, **wanted: Any) -> tuple[int, str, str] | list[int]:
        """The ids that a take gives, or the refusal."""
        status, answer = self.caller(GET, auth_connector=CONNECTOR, **wanted)
        refused = refusal((status, answer))
        return refused or [int(event["ID"]) for event in answer["result"]["events"]]

    def rows(self) -> int:
        """How many there are."""
        return len(self.portal.queue())


def refusal(answered: tuple[int, Any]) -> tuple[int, str, str] | None:
    """Status, code and text, where it is one."""
    status, answer = answered
    return None if status == 200 else (status, answer["error"], answer["error_description"])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "portal.sqlite"


@pytest.fixture
def server(file: Path) -> Iterator[MockBitrix]:
    with MockBitrix(database=f"sqlite:///{file}") as running:
        yield running


@pytest.fixture
def desk(server: MockBitrix) -> Iterator[Desk]:
    made = Desk(server.url)
    yield made
    made.caller.close()


def order(server: MockBitrix, pragma: str) -> None:
    """Set something for every connection that the server has."""
    for connection in server.emulator.database._connections:
        connection.driver.execute(f"PRAGMA {pragma}")


def test_a_full_database_refuses_changes_and_loses_no_row(server: MockBitrix, desk: Desk) -> None:
    order(server, "max_page_count = 400")

    there = desk.fill()

    assert desk.rows() == there > 10
    assert desk.take(limit=10) == list(range(1, 11))
    assert desk.rows() == there - 10
    assert desk.put(20_000) is None  # in the room that the taken rows have left
    order(server, "max_page_count = 1000000")
    assert [desk.put(20_000) for _ in range(20)] == [None] * 20
    assert desk.rows() == there + 11


def test_a_disk_without_room_stops_changes_and_takes_and_loses_no_row(
    tmp_path: Path, file: Path
) -> None:
    """Not even a deletion can be written then: it needs the log."""
    resource = pytest.importorskip("resource")
    if not hasattr(resource, "prlimit"):
        pytest.skip("this system can't set another process's limits")
    with Serving(tmp_path, "--database", f"sqlite:///{file}") as server:
        desk = Desk(server.url)
        assert [desk.put() for _ in range(5)] == [None] * 5
        size = max(each.stat().st_size for each in tmp_path.glob("portal.sqlite*"))
        kind, pid = resource.RLIMIT_FSIZE, server.process.pid
        resource.prlimit(pid, kind, (size + 100_000, resource.RLIM_INFINITY))
        there = 5 + desk.fill()

        assert desk.rows() == there
        assert desk.take(limit=5) in (SQL_ERROR, [1, 2, 3, 4, 5])
        assert server.process.poll() is None

        resource.prlimit(pid, kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        left = desk.rows()
        assert left in (there, there - 5)
        assert desk.put() is None
        taken = desk.take(limit=1000)
        assert len(taken) == left + 1
        desk.caller.close()


def test_a_database_that_became_read_only_still_answers(server: MockBitrix, desk: Desk) -> None:
    assert desk.put() is None
    order(server, "query_only = ON")

    assert desk.put() == SQL_ERROR
    assert desk.take() == SQL_ERROR
    assert desk.take(error=1) == []  # nothing there: nothing to write
    assert desk.rows() == 1

    order(server, "query_only = OFF")
    assert desk.put() is None
    assert desk.take() == [1, 2]


def test_a_database_that_may_only_be_read_is_refused_at_the_start(
    tmp_path: Path, file: Path
) -> None:
    with MockBitrix(database=f"sqlite:///{file}"):
        pass
    address = f"sqlite:///file:{file}?mode=ro&uri=true"

    ended = finished(tmp_path, "serve", "--port", "0", "--database", address)

    assert ended.returncode == 2
    assert ended.stderr.startswith("mock-bitrix: ")
    assert "readonly" in ended.stderr
    assert ended.stderr.count("\n") == 1


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="who may write everywhere, may")
def test_a_directory_that_may_only_be_read_is_refused_at_the_start(tmp_path: Path) -> None:
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o500)

    ended = finished(
        tmp_path, "serve", "--port", "0", "--database", f"sqlite:///{shut}/portal.sqlite"
    )

    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1


def test_a_database_that_somebody_else_locks_is_waited_for(file: Path, desk: Desk) -> None:
    assert desk.put() is None
    with_lock, go_on = threading.Event(), threading.Event()

    def lock() -> None:
        foreign = sqlite3.connect(file, isolation_level=None)
        foreign.execute("BEGIN EXCLUSIVE")
        with_lock.set()
        go_on.wait(1)
        foreign.execute("COMMIT")
        foreign.close()

    other = threading.Thread(target=lock)
    other.start()
    with_lock.wait()
    begun = time.monotonic()
    assert desk.put() is None
    assert time.monotonic() - begun > 0.5
    other.join()
    assert desk.take() == [1, 2]
