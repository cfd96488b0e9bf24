"""What a machine that loses power leaves of an SQLite file: the queue of some moment before."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mock_bitrix.queue.rows import ListedRow
from mock_bitrix.storage.opening import open_database
from tests.queue.desk import Desk, ids, open_desk, selection

State = dict[int, str]
"""Of each row that is there, who has reserved it."""

CUTS = 60


def state(rows: list[ListedRow]) -> State:
    return {listed.row.id: listed.process_id for listed in rows}


def written(desk: Desk) -> list[State]:
    """Work on the queue, and what it looked like after each step."""
    moments: list[State] = [{}]
    chance = random.Random(1)
    for number in range(60):
        chance.choice(STEPS)(desk, number)
        moments.append(state(desk.listed()))
    return moments


def put(desk: Desk, number: int) -> None:
    desk.put(number)


def reserve(desk: Desk, _: int) -> None:
    desk.take(keep=True, limit=3)


def take(desk: Desk, _: int) -> None:
    desk.take(limit=2)


def confirm(desk: Desk, _: int) -> None:
    for row in desk.listed():
        if row.process_id:
            desk.queue().clear(row.process_id)
            return


STEPS: list[Callable[[Desk, int], None]] = [put, put, put, put, reserve, take, confirm]


def torn(log: bytes, chance: random.Random) -> bytes:
    """As much of the log as was on the disk; of the last sectors, perhaps, only zeros."""
    there = log[: chance.randrange(len(log) + 1)]
    lost = chance.choice([0, 512, 4096])
    return there[:-lost] + bytes(len(there[-lost:])) if lost else there


def found(file: Path, desk: Desk) -> State:
    """The queue in a file, once the server has opened it, and taken everything that is free."""
    database = open_database(f"sqlite:///{file}")
    try:
        there = replace(desk, database=database)
        before = state(there.listed())
        with database.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").all() == [("ok",)]
        free = sorted(number for number, process in before.items() if not process)
        assert sorted(ids(there.queue().take(selection(limit=1000), keep=False))) == free
        return before
    finally:
        database.close()


def test_a_power_cut_leaves_the_queue_as_it_was_at_some_moment(tmp_path: Path) -> None:
    file, copy = tmp_path / "portal.sqlite", tmp_path / "copy.sqlite"
    database = open_database(f"sqlite:///{file}")
    made = open_desk(database)
    database.close()  # what is in the log goes into the file
    desk = replace(made, database=open_database(f"sqlite:///{file}"))
    moments = written(desk)
    log = Path(f"{file}-wal").read_bytes()
    chance, seen = random.Random(2), set()
    for _ in range(CUTS):
        shutil.copyfile(file, copy)
        Path(f"{copy}-wal").write_bytes(torn(log, chance))
        left = found(copy, desk)
        assert left in moments
        seen.add(moments.index(left))
    assert len(seen) > CUTS / 4
    desk.database.close()
