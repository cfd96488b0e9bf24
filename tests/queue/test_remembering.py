"""An empty queue is remembered as empty until somebody writes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mock_bitrix.queue import statements
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.opening import open_database
from tests.queue.desk import START, Desk, ids, open_desk, selection

Pair = tuple[Desk, Desk]


class UndoneError(Exception):
    """Ends a transaction without effect."""


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """One portal, seen by two processes."""
    url = f"sqlite:///{tmp_path / 'queue.sqlite'}"
    one, other = open_database(url), open_database(url)
    desk = open_desk(one)
    yield desk, Desk(other, desk.portal, desk.applications)
    one.close()
    other.close()


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How often a database was asked for free rows since this was asked last."""
    run, seen = Database.run, [0]

    def counting(database: Database, statement: object, **values: object) -> list[object]:
        seen[0] += statement is statements.any_free
        return run(database, statement, **values)  # type: ignore[arg-type,return-value]  # passed on

    def since() -> int:
        number, seen[0] = seen[0], 0
        return number

    monkeypatch.setattr(Database, "run", counting)
    return since


def poll(desk: Desk) -> list[int]:
    """A take, as a call makes it: it asks for the revision first."""
    desk.database.revision()
    return ids(desk.take())


def test_an_empty_queue_is_looked_at_once(pair: Pair, looked: Callable[[], int]) -> None:
    desk, _ = pair

    assert [poll(desk) for _ in range(3)] == [[], [], []]
    assert looked() == 1


def test_a_row_that_this_process_puts_is_seen(pair: Pair) -> None:
    desk, _ = pair
    assert poll(desk) == []

    desk.put(1)

    assert poll(desk) == [1]
    assert poll(desk) == []


def test_a_row_that_another_process_puts_is_seen(pair: Pair) -> None:
    desk, other = pair
    assert poll(desk) == []

    other.put(1)

    assert poll(desk) == [1]


def test_rows_of_another_connector_or_in_error_are_remembered_apart(pair: Pair) -> None:
    desk, _ = pair
    desk.put(1, connector="BxTest")
    desk.database.revision()
    assert poll(desk) == []

    assert ids(desk.queue(connector="BxTest").rows((), (), offset=0, limit=9)) == [1]
    assert ids(desk.queue(connector="BxTest").take(selection(), keep=False)) == [1]


def test_what_is_seen_in_a_transaction_is_not_remembered(pair: Pair) -> None:
    desk, _ = pair
    desk.put(1)

    with contextlib.suppress(UndoneError), desk.database.transaction():
        assert [poll(desk), poll(desk)] == [[1], []]
        raise UndoneError

    assert poll(desk) == [1]


def test_rows_that_a_clock_set_back_revives_are_seen(pair: Pair) -> None:
    desk, _ = pair
    desk.put(1)
    desk.now = START + desk.portal.retention + 1
    assert poll(desk) == []

    desk.now = START

    assert poll(desk) == [1]
