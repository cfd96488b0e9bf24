"""A replica that dies in the middle of a take neither loses rows nor holds up the others."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from mock_bitrix.testing import MockBitrix
from mock_bitrix.testing.control import Control, PortalControl
from tests.cli.program import ROOT
from tests.databases import PostgreSql
from tests.proof.calling import Caller

PATIENCE = 30.0
SOON = 5.0
"""Seconds: what isn't held up ends well within, also on a busy machine."""


@contextmanager
def stalled(
    database: str, portal: PortalControl, patience: int = 60
) -> Iterator[subprocess.Popen[str]]:
    """A process that has locked rows 1 to 3; so long PostgreSQL lets it be."""
    command = [sys.executable, "-m", "tests.proof.stalled", database, portal.name, str(patience)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked 1 2 3\n"
        try:
            yield process
        finally:
            process.kill()


def until(what: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """What is there in the end."""
    ends = time.monotonic() + seconds
    while not (found := what()) and time.monotonic() < ends:
        time.sleep(0.02)
    return found


@contextmanager
def stocked(database: str) -> Iterator[tuple[PortalControl, Caller]]:
    """A server on the database, with a portal that has six rows."""
    with MockBitrix(database=database) as server:
        made = Control(server.url).create()
        row = {"event": "ONCRMLEADADD"}
        made.put(*({**row, "data": {"FIELDS": {"ID": number}}} for number in range(6)))
        caller = Caller(server.url, made.document["apps"][0]["tokens"][0]["access_token"])
        yield made, caller
        caller.close()


def taken(caller: Caller, **wanted: Any) -> list[int]:
    """The ids that a take gives."""
    return [int(e["ID"]) for e in caller.result("event.offline.get", **wanted)["events"]]


@pytest.fixture
def on_postgresql(postgresql: PostgreSql) -> str:
    return postgresql.database()


def test_others_take_other_rows_meanwhile_and_these_ones_after_its_death(
    on_postgresql: str,
) -> None:
    with stocked(on_postgresql) as (portal, caller), stalled(on_postgresql, portal) as replica:
        begun = time.monotonic()
        assert taken(caller, clear=0) == [4, 5, 6]
        assert taken(caller, clear=0) == []
        assert time.monotonic() - begun < SOON

        replica.kill()
        assert until(lambda: taken(caller, clear=0)) == [1, 2, 3]
        assert len(portal.queue()) == 6


def test_one_that_stops_for_ever_lets_go_after_a_while(on_postgresql: str) -> None:
    with (
        stocked(on_postgresql) as (portal, caller),
        stalled(on_postgresql, portal, patience=3) as replica,
    ):
        replica.send_signal(signal.SIGSTOP)
        assert taken(caller, clear=0) == [4, 5, 6]
        assert until(lambda: taken(caller, clear=0)) == [1, 2, 3]


def test_on_one_file_a_dead_process_lets_go_at_once(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'portal.sqlite'}"
    with (
        stocked(database) as (portal, caller),
        stalled(database, portal) as replica,
        ThreadPoolExecutor(1) as pool,
    ):
        waiting = pool.submit(taken, caller, clear=0)
        with pytest.raises(TimeoutError):
            waiting.result(0.5)
        replica.kill()
        assert waiting.result(PATIENCE) == [1, 2, 3, 4, 5, 6]


def test_connections_that_postgresql_has_cut_are_made_anew(on_postgresql: str) -> None:
    with stocked(on_postgresql) as (portal, caller):
        assert taken(caller, clear=0, limit=1) == [1]
        cut_all(on_postgresql)
        assert [taken(caller, clear=0, limit=1) for _ in range(5)] == [[2], [3], [4], [5], [6]]
        assert len(portal.queue()) == 6


def cut_all(address: str) -> None:
    """Let PostgreSQL end every session of the database but this one."""
    import psycopg

    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
