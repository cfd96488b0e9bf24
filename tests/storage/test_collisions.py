"""Two transactions in each other's way: what collides is done again, from its beginning."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import bindparam, insert

from mock_bitrix.storage import schema
from mock_bitrix.storage.database import TRIES, Collision, Database
from mock_bitrix.storage.opening import open_database
from mock_bitrix.storage.statement import Statement

_put = Statement(insert(schema.meta).values(key=bindparam("key"), value="x"))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'a.sqlite'}", durable=False)
    yield opened
    opened.close()


class Work:
    """Puts a key; what is there already collides, for so many times."""

    def __init__(self, database: Database, collisions: int) -> None:
        self.database = database
        self.collisions = collisions
        self.begun = 0

    def __call__(self) -> str:
        self.begun += 1
        self.database.run(_put, key=f"once {self.begun}")
        if self.begun <= self.collisions:
            self.database.run(_put, key="version")
        return "done"


def test_what_collides_is_done_again_and_leaves_nothing_of_its_first_try(
    database: Database,
) -> None:
    work = Work(database, 2)

    assert database.settled(work) == "done"

    assert work.begun == 3
    database.run(_put, key="once 1")
    with pytest.raises(Collision):
        database.run(_put, key="once 3")


def test_what_collides_for_ever_is_given_up(database: Database) -> None:
    work = Work(database, 1000)

    with pytest.raises(Collision):
        database.settled(work)

    assert work.begun == TRIES


def test_inside_of_a_transaction_the_whole_of_it_is_undone(database: Database) -> None:
    work = Work(database, 1)

    with pytest.raises(Collision), database.transaction():
        database.settled(work)

    assert work.begun == 1
    database.run(_put, key="once 1")
