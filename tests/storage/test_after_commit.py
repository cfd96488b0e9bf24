"""What follows a commit: it comes once, after it, and not at all after a rollback."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from mock_bitrix.storage.database import Database
from mock_bitrix.storage.opening import open_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'a.sqlite'}", durable=False)
    yield opened
    opened.close()


def test_outside_of_a_transaction_it_is_done_at_once(database: Database) -> None:
    done: list[int] = []

    database.after_commit(lambda: done.append(1))

    assert done == [1]


def test_inside_it_waits_for_the_outermost_commit(database: Database) -> None:
    done: list[int] = []

    with database.transaction():
        with database.transaction():
            database.after_commit(lambda: done.append(1))
        database.after_commit(lambda: done.append(2))
        assert done == []

    assert done == [1, 2]


def test_after_a_rollback_it_is_forgotten(database: Database) -> None:
    done: list[int] = []

    with contextlib.suppress(LookupError), database.transaction():
        database.after_commit(lambda: done.append(1))
        raise LookupError
    with database.transaction():
        pass

    assert done == []


def test_what_it_does_itself_is_a_transaction_of_its_own(database: Database) -> None:
    done: list[int] = []

    def again() -> None:
        with database.transaction():
            database.after_commit(lambda: done.append(1))

    with database.transaction():
        database.after_commit(again)

    assert done == [1]
