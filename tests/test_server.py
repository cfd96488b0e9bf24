"""What the server does by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from mock_bitrix import server
from mock_bitrix.portal.directory import Directory
from mock_bitrix.profiles import switches_of
from mock_bitrix.server import SWEEP_EVERY, _until_sweep
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.opening import open_database
from tests.queue.desk import ids, open_desk
from tests.queue.test_messages import entries


@pytest.mark.parametrize("living", [None, 1, 8])
def test_all_processes_together_sweep_as_often_as_one_would(living: int | None) -> None:
    sharing = living and SimpleNamespace(living=living)
    emulator = SimpleNamespace(sharing=sharing)
    waits = [_until_sweep(emulator) for _ in range(2000)]  # type: ignore[arg-type]  # all it asks for

    mean = sum(waits) / len(waits) / (living or 1)
    assert mean == pytest.approx(SWEEP_EVERY, rel=0.05)
    assert len(set(waits)) > 1000  # not all at the same moment


def test_a_server_forgets_by_itself_where_rows_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "SWEEP_EVERY", 0.01)
    database = open_database(f"sqlite:///{tmp_path}/queue.sqlite", durable=False)
    desk = open_desk(database)
    desk.put(1)
    desk.put(2)
    desk.take(limit=1)
    asyncio.run(_sweeping_until(database, lambda: len(entries(database)) == 1))

    assert ids(desk.take()) == [2]
    database.close()


async def _sweeping_until(database: Database, done: Callable[[], bool]) -> None:
    directory = Directory(database, lambda: switches_of("docs"))
    emulator = SimpleNamespace(database=database, sharing=None, directory=directory)
    sweeper = asyncio.create_task(server._sweep_for_ever(emulator))  # type: ignore[arg-type]  # all it asks for
    async with asyncio.timeout(30):
        while not done():
            await asyncio.sleep(0.01)
    sweeper.cancel()
