"""A take of later ids begins at the lowest time of their blocks: none of them may be older."""

from __future__ import annotations

import operator
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from mock_bitrix.portal import start
from mock_bitrix.portal.document import Document
from mock_bitrix.portal.erasing import erase_portal
from mock_bitrix.portal.loading import replace
from mock_bitrix.portal.row_writing import write_rows
from mock_bitrix.queue.message_id import message_id
from mock_bitrix.queue.rows import QueueRow
from mock_bitrix.queue.selection import Condition, OrderBy
from mock_bitrix.queue.statements import insert_as_is
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement
from tests.queue.desk import DEAL, LEAD, START, Desk, ids, open_desk, selection

OPERATORS: dict[str, Callable[[int, int], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
}
NEAR = st.integers(-3, 3).map(lambda block: block * 1024) | st.integers(-(2**62), 2**62)
IDS = st.builds(operator.add, NEAR, st.integers(-2, 2))
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "id": IDS,
            "timestamp": st.integers(-5, 5),
            "connector": st.sampled_from(["", "", "other"]),
            "error": st.sampled_from([0, 0, 1]),
            "event": st.sampled_from([LEAD, DEAL]),
            "late": st.booleans(),
        }
    ),
    unique_by=lambda row: row["id"],
    max_size=30,
)
LIMITS = IDS | st.sampled_from([-(2**63), 2**63, 10**30, -(10**30)])
CONDITIONS = st.lists(
    st.builds(Condition, st.sampled_from(sorted(OPERATORS)), st.just("ID"), LIMITS)
    | st.builds(Condition, st.just("="), st.just("EVENT_NAME"), st.sampled_from([LEAD, DEAL]))
    | st.builds(
        Condition,
        st.sampled_from([">", ">=", "<", "<="]),
        st.just("TIMESTAMP_X"),
        st.sampled_from([-3, 0, 2]),
    ),
    max_size=3,
)


def rows_of(desk: Desk, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows as the table has them; `late` ones were written just now."""
    return [
        {
            "portal_id": desk.portal.id,
            "application_id": desk.applications[0],
            "data": "false",
            "additional": "false",
            "message_id": f"{row['id']:x}",
            "written": desk.now if row["late"] else desk.now - 60,
            "process_id": "",
            "reserved_at": None,
            **{name: row[name] for name in ("id", "connector", "error", "event")},
            "timestamp": START + row["timestamp"],
        }
        for row in given
    ]


def meets(row: dict[str, Any], condition: Condition) -> bool:
    """What the condition says, without any database."""
    if condition.field == "EVENT_NAME":
        return bool(row["event"] == condition.value)
    column = "id" if condition.field == "ID" else "timestamp"
    assert isinstance(condition.value, int)
    value = condition.value + (START if column == "timestamp" else 0)
    return OPERATORS[condition.operator](row[column], value)


def as_asked(condition: Condition) -> Condition:
    """The condition with its time as a filter has it."""
    if condition.field != "TIMESTAMP_X":
        return condition
    assert isinstance(condition.value, int)
    seconds = {-3: "07:59:57", 0: "08:00:00", 2: "08:00:02"}[condition.value]
    return Condition(condition.operator, condition.field, f"2027-01-15 {seconds}")


@given(
    given=ROWS,
    conditions=CONDITIONS,
    how=st.fixed_dictionaries(
        {
            "descending": st.booleans(),
            "limit": st.integers(1, 8),
            "error": st.booleans(),
            "delay": st.sampled_from([0, 30]),
            "keep": st.booleans(),
        }
    ),
)
def test_a_take_gives_what_its_conditions_say_whatever_ids_and_times_are(
    database: Database,
    given: list[dict[str, Any]],
    conditions: list[Condition],
    how: dict[str, Any],
) -> None:
    desk = open_desk(database)
    desk.switch(visibility_delay=how["delay"])
    stored = rows_of(desk, given)
    write_rows(database, stored)
    wanted = selection(
        *map(as_asked, conditions),
        order=(OrderBy("TIMESTAMP_X", how["descending"]),),
        limit=how["limit"],
        error=how["error"],
    )

    taken = desk.queue().take(wanted, keep=how["keep"])

    candidates = [
        row
        for row in stored
        if (row["connector"], row["error"]) == ("", how["error"])
        and row["written"] <= desk.now - how["delay"]
        and all(meets(row, condition) for condition in conditions)
    ]
    sign = -1 if how["descending"] else 1
    candidates.sort(key=lambda row: (sign * row["timestamp"], row["id"]))
    assert ids(taken) == [row["id"] for row in candidates[: how["limit"]]]
    assert bare(database, desk.portal.id) == []


@given(
    steps=st.lists(st.tuples(st.integers(0, 4), st.integers(-100, 100), st.booleans()), max_size=12)
)
def test_no_row_is_older_than_its_block_wherever_the_clock_goes(
    database: Database, steps: list[tuple[int, int, bool]]
) -> None:
    desk = open_desk(database)
    retention = int(desk.portal.retention)
    for number, seconds, far in steps:
        desk.now += seconds * (retention // 50 if far else 1)
        desk.put(number)

        assert bare(database, desk.portal.id) == []
        shown: list[QueueRow] = desk.queue().reread("", selection(after(0)), keep=True).rows
        assert sorted(ids(shown)) == ids(desk.rows())


def after(number: int) -> Condition:
    return Condition(">", "ID", number)


def bare(database: Database, portal_id: int) -> list[Any]:
    """The rows without a block that covers them."""
    return database.run(
        Statement(
            text(
                "SELECT id, timestamp FROM queue WHERE portal_id = :portal_id AND NOT EXISTS "
                "(SELECT 1 FROM queue_blocks WHERE queue_blocks.portal_id = queue.portal_id "
                "AND block = id >> 10 AND lowest <= timestamp)"
            )
        ),
        portal_id=portal_id,
    )


def blocks(database: Database, portal_id: int) -> list[Any]:
    """Block and lowest time, of a portal."""
    found = "SELECT block, lowest FROM queue_blocks WHERE portal_id = :portal_id ORDER BY block"
    return database.run(Statement(text(found)), portal_id=portal_id)


def test_a_change_while_the_clock_is_set_back_lowers_the_time_of_its_block(desk: Desk) -> None:
    for number in range(3):
        desk.put(number)
    desk.now -= 1_000
    desk.put(1)

    assert blocks(desk.database, desk.portal.id) == [(0, START - 1_000)]
    assert ids(desk.take(after(1))) == [2, 3]


def test_later_and_deleted_rows_leave_the_lowest_time_as_it_is(desk: Desk) -> None:
    desk.put(1)
    desk.now += 10
    desk.put(1)
    desk.put(2)
    desk.take()

    assert blocks(desk.database, desk.portal.id) == [(0, START)]


def test_a_row_that_takes_the_place_of_an_expired_one_has_a_block_of_its_own(desk: Desk) -> None:
    old = message_id(LEAD, {"FIELDS": {"ID": 7}})
    given = {"id": -5_000, "timestamp": 0, "connector": "", "error": 0, "event": LEAD, "late": True}
    write_rows(desk.database, [rows_of(desk, [given])[0] | {"message_id": old}])
    desk.now += desk.portal.retention + 1

    assert desk.put(7).id == 1
    assert blocks(desk.database, desk.portal.id) == [(-5, START), (0, int(desk.now))]


def test_a_portal_that_is_forgotten_leaves_no_block(desk: Desk) -> None:
    desk.put(1)

    erase_portal(desk.database, desk.portal.id)

    assert blocks(desk.database, desk.portal.id) == []


def test_a_reset_puts_back_the_blocks_of_the_start_alone(
    new_database: Callable[[], str | None], tmp_path_factory: pytest.TempPathFactory
) -> None:
    from mock_bitrix.storage.opening import open_database

    path = tmp_path_factory.mktemp("reset") / "queue.sqlite"
    database = open_database(new_database() or f"sqlite:///{path}", durable=False)
    desk = open_desk(database)
    desk.put(1)
    start.keep(database, [desk.portal.id])
    desk.now -= 50
    desk.put(2)

    start.put_back(database)

    assert blocks(database, desk.portal.id) == [(0, START)]
    assert ids(desk.take(after(0))) == [1]
    database.close()


def test_who_forgets_blocks_waits_for_rows_that_rely_on_them(desk: Desk) -> None:
    """On SQLite nobody writes beside a transaction anyway."""
    if desk.database.is_sqlite:
        pytest.skip("is about PostgreSQL")
    given = {"id": 9, "timestamp": 0, "connector": "", "error": 0, "event": LEAD, "late": True}
    desk.put(1)
    with ThreadPoolExecutor(1) as pool:
        with desk.database.transaction():
            desk.database.change(insert_as_is, **rows_of(desk, [given])[0])
            forgetting = pool.submit(erase_portal, desk.database, desk.portal.id)
            while not forgetting.done() and not waiting(desk.database):
                pass
        forgetting.result()

    assert bare(desk.database, desk.portal.id) == []


def waiting(database: Database) -> bool:
    """Whether somebody waits for a lock, seen from outside of the transaction."""
    found = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with database.engine.connect() as connection:
        return bool(connection.exec_driver_sql(found).fetchall())


def test_rows_written_while_their_portal_is_replaced_have_their_blocks(desk: Desk) -> None:
    """Changes, and replacements in between: on PostgreSQL at the same time."""
    document = Document.model_validate({"apps": [{}, {}]})

    def change(number: int) -> None:
        for step in range(20):
            desk.put(100 * number + step)

    with ThreadPoolExecutor(3) as pool:
        changes = [pool.submit(change, number) for number in range(3)]
        for _ in range(10):
            replace(desk.database, desk.portal, document)
        for done in changes:
            done.result()

    assert bare(desk.database, desk.portal.id) == []


def test_the_lowest_id_of_all_is_taken_by_a_bound_that_includes_it(desk: Desk) -> None:
    lowest, second = desk.put(1).id, desk.put(2).id

    assert ids(desk.take(Condition("<", "ID", lowest))) == []
    assert ids(desk.take(Condition("<=", "ID", lowest))) == [lowest]
    assert ids(desk.take(Condition("<=", "ID", lowest))) == []
    assert ids(desk.take(Condition("<", "ID", second + 1))) == [second]
