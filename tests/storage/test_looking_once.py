"""What came in together asks the database once; what comes in later asks again."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from mock_bitrix.storage.database import Database
from mock_bitrix.storage.opening import open_database

LOOK = "PRAGMA data_version"


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Database, Database]]:
    """One database file, seen by two processes."""
    url = f"sqlite:///{tmp_path / 'one.sqlite'}"
    one, other = open_database(url), open_database(url)
    yield one, other
    one.close()
    other.close()


def driver(database: Database) -> sqlite3.Connection:
    """This thread's connection."""
    found = database._connection().driver
    assert isinstance(found, sqlite3.Connection)
    return found


async def looks(database: Database, calls: int) -> int:
    """How often the database is asked while so many calls come in together."""
    asked: list[str] = []
    driver(database).set_trace_callback(asked.append)
    loop = asyncio.get_running_loop()
    for _ in range(calls):
        loop.call_soon(database.revision)
    await asyncio.sleep(0)
    driver(database).set_trace_callback(None)
    return asked.count(LOOK)


async def seen(one: Database, other: Database) -> list[bool]:
    """Whether a call sees what another process writes: in the same pass, and in the next one."""
    one.look_once(asyncio.get_running_loop().call_soon)
    before = one.revision()
    other.raise_revision()
    at_once = one.revision() != before
    await asyncio.sleep(0)
    return [at_once, one.revision() != before]


def test_calls_that_came_in_together_look_once(pair: tuple[Database, Database]) -> None:
    async def calls() -> list[int]:
        pair[0].look_once(asyncio.get_running_loop().call_soon)
        return [await looks(pair[0], 5) for _ in range(2)]

    assert asyncio.run(calls()) == [1, 1]


def test_without_a_loop_every_call_looks(pair: tuple[Database, Database]) -> None:
    assert asyncio.run(looks(pair[0], 5)) == 5


def test_what_others_write_is_seen_by_whatever_comes_in_afterwards(
    pair: tuple[Database, Database],
) -> None:
    assert asyncio.run(seen(*pair)) == [False, True]


def test_what_the_thread_writes_itself_is_seen_at_once(pair: tuple[Database, Database]) -> None:
    async def own() -> bool:
        pair[0].look_once(asyncio.get_running_loop().call_soon)
        before = pair[0].revision()
        pair[0].raise_revision()
        return pair[0].revision() != before

    assert asyncio.run(own())


def test_other_threads_of_the_process_look_for_themselves(
    pair: tuple[Database, Database],
) -> None:
    async def elsewhere() -> bool:
        pair[0].look_once(asyncio.get_running_loop().call_soon)
        before = pair[0].revision()
        await asyncio.to_thread(pair[0].raise_revision)
        return await asyncio.to_thread(pair[0].revision) != before

    assert asyncio.run(elsewhere())
