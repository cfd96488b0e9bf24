"""Rows are found by their message on SQLite: every row has its entry, whoever writes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from mock_bitrix.portal import start
from mock_bitrix.portal.row_writing import write_rows
from mock_bitrix.queue.message_id import message_id
from mock_bitrix.queue.selection import Condition
from mock_bitrix.storage import messages
from mock_bitrix.storage.database import Database, StorageError
from mock_bitrix.storage.opening import open_database
from mock_bitrix.storage.statement import Statement
from tests.queue.desk import LEAD, START, Desk, fail, force, ids, open_desk

_ENTRIES = Statement(text("SELECT message_id, seq FROM queue_messages"))
_ROWS = Statement(text("SELECT message_id, seq FROM queue"))


@pytest.fixture(autouse=True)
def on_sqlite(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--on") != "sqlite":
        pytest.skip("is about SQLite: PostgreSQL has an index")


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The only portal of a database."""
    path = tmp_path_factory.mktemp("messages") / "queue.sqlite"
    database = open_database(f"sqlite:///{path}", durable=False)
    yield open_desk(database)
    database.close()


def entries(database: Database) -> list[Any]:
    return sorted(database.run(_ENTRIES))


def rows(database: Database) -> list[Any]:
    return sorted(database.run(_ROWS))


def tidied(database: Database) -> list[Any]:
    """What is left when all entries have been looked at."""
    assert messages.tidy(database) == ""
    return entries(database)


def row(desk: Desk, number: int, **other: Any) -> dict[str, Any]:
    """A row as the table has it, about lead `number`."""
    return {
        "portal_id": desk.portal.id,
        "application_id": desk.applications[0],
        "connector": "",
        "id": None,
        "event": LEAD,
        "data": "false",
        "additional": "false",
        "message_id": about(number),
        "timestamp": START,
        "written": desk.now,
        "process_id": "",
        "reserved_at": None,
        "error": 0,
    } | other


def about(number: int) -> str:
    return message_id(LEAD, {"FIELDS": {"ID": number}})


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["put", "put", "take", "reserve", "fail", "expire", "tidy"]),
        st.integers(1, 4),
        st.sampled_from([0, 0, 1]),
    ),
    max_size=25,
)


@given(steps=STEPS)
def test_every_row_has_its_entry_and_no_two_free_ones_the_same_key(
    database: Database, steps: list[tuple[str, int, int]]
) -> None:
    desk = open_desk(database)
    for verb, number, application in steps:
        step(desk, verb, number, application)

        assert set(rows(database)) <= set(entries(database))
        free = [each.row.message_id for each in desk.listed() if each.process_id == ""]
        assert len(set(free)) == len(free)
    assert tidied(database) == rows(database)


def step(desk: Desk, verb: str, number: int, application: int) -> None:
    if verb == "put":
        desk.put(number, application=application)
    elif verb in ("take", "reserve"):
        desk.take(limit=number, keep=verb == "reserve")
    elif verb == "expire":
        desk.now += desk.portal.retention / 2
    elif verb == "tidy":
        messages.tidy(desk.database)
    else:
        for each in desk.listed()[:number]:
            fail(desk, each.process_id or "nobody's", each.row.message_id)


def test_an_entry_outlives_its_row_until_it_is_tidied(desk: Desk) -> None:
    for number in range(3):
        desk.put(number)
    desk.take(limit=2)

    assert len(entries(desk.database)) == 3
    assert tidied(desk.database) == rows(desk.database)
    assert ids(desk.take(Condition("=", "MESSAGE_ID", about(2)))) == [3]


def test_a_message_that_comes_and_goes_leaves_no_more_than_its_last_row(desk: Desk) -> None:
    desk.put(0)  # a row that stays, so that numbers are not given again
    for _ in range(5):
        desk.put(1)
        desk.take(Condition("=", "MESSAGE_ID", about(1)))
        desk.put(2)

    assert [entry for entry, _ in entries(desk.database)].count(about(1)) == 1


def test_a_row_that_gets_the_number_of_one_that_is_gone_is_not_taken_for_it(desk: Desk) -> None:
    desk.put(1)
    desk.take()
    desk.put(2)

    assert {seq for _, seq in entries(desk.database)} == {1}
    assert ids(desk.take(Condition("=", "MESSAGE_ID", about(1)))) == []
    assert tidied(desk.database) == [(about(2), 1)]
    assert ids(desk.take(Condition("=", "MESSAGE_ID", about(2)))) == [2]


@pytest.mark.parametrize("process_id", ["", "k1"])
def test_no_two_rows_have_the_same_key(desk: Desk, process_id: str) -> None:
    write_rows(desk.database, [row(desk, 1, process_id=process_id)])

    with pytest.raises(StorageError, match="same key"):
        write_rows(desk.database, [row(desk, 1, process_id=process_id)])

    assert len(rows(desk.database)) == 1


@pytest.mark.parametrize(
    "other",
    [{"process_id": "k1"}, {"connector": "other"}, {"application_id": -1}, {"message_id": "m"}],
    ids=str,
)
def test_rows_that_differ_in_one_part_of_the_key_stand_side_by_side(
    desk: Desk, other: dict[str, Any]
) -> None:
    write_rows(desk.database, [row(desk, 1), row(desk, 1, **other)])

    assert len(rows(desk.database)) == 2


def test_rows_of_one_list_have_no_key_in_common_either(desk: Desk) -> None:
    with pytest.raises(StorageError, match="same key"), desk.database.transaction():
        write_rows(desk.database, [row(desk, number % 60) for number in range(100)])

    assert rows(desk.database) == []


def test_no_row_becomes_free_beside_a_free_twin(desk: Desk) -> None:
    desk.put(1)
    desk.take(keep=True)
    desk.put(1)

    with pytest.raises(StorageError, match="same key"):
        force(desk, "UPDATE queue SET process_id = '' WHERE 1", portal=desk.portal.id)


def test_a_row_is_found_by_the_message_that_it_was_given_later(desk: Desk) -> None:
    desk.put(1)
    force(desk, f"UPDATE queue SET message_id = '{about(7)}' WHERE 1", portal=desk.portal.id)

    assert ids(desk.take(Condition("=", "MESSAGE_ID", about(1)), keep=True)) == []
    assert ids(desk.take(Condition("=", "MESSAGE_ID", about(7)), keep=True)) == [1]
    assert tidied(desk.database) == rows(desk.database)


def test_rows_that_a_reset_puts_back_are_found(desk: Desk) -> None:
    desk.put(1)
    start.keep(desk.database, [desk.portal.id])
    desk.take()
    desk.put(2)

    start.put_back(desk.database)

    assert ids(desk.take(Condition("=", "MESSAGE_ID", about(1)))) == [1]
    assert ids(desk.take(Condition("=", "MESSAGE_ID", about(2)))) == []


def test_tidying_goes_on_where_it_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    write_rows(desk.database, [row(desk, n) for n in range(3 * messages.PORTION)])
    desk.take(limit=2 * messages.PORTION)
    monkeypatch.setattr(messages, "AT_ONCE", 1)

    after, rounds = messages.tidy(desk.database), 1
    while after:
        after, rounds = messages.tidy(desk.database, after), rounds + 1

    assert rounds == 4  # the last one sees that nothing follows
    assert entries(desk.database) == rows(desk.database)


def test_a_portion_that_ends_among_rows_of_one_message_misses_none(desk: Desk) -> None:
    queues = 2 * messages.PORTION
    write_rows(desk.database, [row(desk, 1, connector=f"c{n}") for n in range(queues)])
    force(desk, f"DELETE FROM queue WHERE id > {messages.PORTION}", portal=desk.portal.id)

    assert tidied(desk.database) == rows(desk.database)
    assert len(rows(desk.database)) == messages.PORTION


def test_one_message_of_many_queues_is_tidied_whole(desk: Desk) -> None:
    queues = 2 * messages.PORTION
    write_rows(desk.database, [row(desk, 1, connector=f"c{n}") for n in range(queues)])
    force(desk, "DELETE FROM queue WHERE id > 1", portal=desk.portal.id)

    assert tidied(desk.database) == rows(desk.database) == [(about(1), 1)]
