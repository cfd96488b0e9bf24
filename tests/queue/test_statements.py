"""How SQLite runs the queue's statements: by an index that fits a large queue, never by a scan."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mock_bitrix.queue import statements
from mock_bitrix.queue.selection import BY_ID, BY_TIMESTAMP, OrderBy
from mock_bitrix.queue.statements import Shape
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.opening import open_database
from mock_bitrix.storage.statement import Statement


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """PostgreSQL plans by statistics of its own, so this is about SQLite alone."""
    path = tmp_path_factory.mktemp("plans") / "queue.sqlite"
    database = open_database(f"sqlite:///{path}", durable=False)
    yield database
    database.close()


BOX = "application_id=? AND connector=? AND process_id=? AND error=?"
NONE: Shape = ()
BY_MESSAGE = [
    "SEARCH queue USING INTEGER PRIMARY KEY (rowid=?)",
    "SEARCH queue_messages USING PRIMARY KEY (message_id=?)",
]


def plan(database: Database, statement: Statement) -> list[str]:
    """What SQLite says that it will do with the queue."""
    compiled = statement.compiled(database.dialect)
    with database.engine.connect() as connection:
        values = (None,) * len(compiled.order or ())
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled.text}", values)
        steps = [row[3] for row in rows]
    steps = [step for step in steps if "queue" in step or "batch" in step or "TEMP" in step]
    return [step for step in steps if "queue_blocks" not in step and "first" not in step]


def index_of(database: Database, statement: Statement) -> str:
    """The one way in which the statement reaches the queue."""
    [step] = plan(database, statement)
    return step.replace("SEARCH queue USING ", "").removeprefix("INDEX ")


def take(shape: Shape, order: tuple[OrderBy, ...] = BY_TIMESTAMP) -> Statement:
    return statements.reading(shape, order, locking=True, delayed=False)


@pytest.mark.parametrize(
    ("shape", "index"),
    [
        pytest.param(NONE, f"queue_default_order ({BOX})", id="no filter"),
        pytest.param((("ID", "="),), "queue_ids (portal_id=? AND id=?)", id="=ID"),
        pytest.param((("ID", ">="),), f"queue_default_order ({BOX} AND timestamp>?)", id=">=ID"),
        pytest.param((("ID", "<"),), f"queue_default_order ({BOX} AND timestamp<?)", id="<ID"),
        pytest.param((("ID", "<="),), f"queue_default_order ({BOX} AND timestamp<?)", id="<=ID"),
        pytest.param(
            (("ID", ">"), ("ID", "<"), ("TIMESTAMP_X", "<=")),
            f"queue_default_order ({BOX} AND timestamp>? AND timestamp<?)",
            id="ID and TIMESTAMP_X",
        ),
        pytest.param((("ID", ">"),), f"queue_default_order ({BOX} AND timestamp>?)", id=">ID"),
        pytest.param(
            (("EVENT_NAME", "="), ("ID", ">=")),
            f"queue_events ({BOX} AND event=? AND timestamp>?)",
            id="=EVENT_NAME and >=ID",
        ),
        pytest.param(
            (("TIMESTAMP_X", "="),),
            f"queue_default_order ({BOX} AND timestamp=?)",
            id="=TIMESTAMP_X",
        ),
        pytest.param(
            (("TIMESTAMP_X", ">="),),
            f"queue_default_order ({BOX} AND timestamp>?)",
            id=">=TIMESTAMP_X",
        ),
        pytest.param((("EVENT_NAME", "="),), f"queue_events ({BOX} AND event=?)", id="=EVENT_NAME"),
        pytest.param((("MESSAGE_ID", ">="),), f"queue_default_order ({BOX})", id=">=MESSAGE_ID"),
    ],
)
def test_take_comes_out_of_an_index_in_order(database: Database, shape: Shape, index: str) -> None:
    """No temporary sorting: of a million rows only the taken ones are read."""
    assert index_of(database, take(shape)) == index


def test_later_ids_begin_at_the_lowest_time_of_their_blocks(database: Database) -> None:
    compiled = take((("ID", ">="),)).compiled(database.dialect)

    with database.engine.connect() as connection:
        values = (None,) * len(compiled.order or ())
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled.text}", values)
        steps = [row[3] for row in rows]

    assert "SEARCH queue_blocks USING PRIMARY KEY (portal_id=? AND block>?)" in steps


@pytest.mark.parametrize(
    ("shape", "index"),
    [
        pytest.param((("ID", "in"),), ["queue_ids (portal_id=? AND id=?)"], id="ID"),
        pytest.param((("MESSAGE_ID", "="),), BY_MESSAGE, id="=MESSAGE_ID"),
        pytest.param((("MESSAGE_ID", "in"),), BY_MESSAGE, id="MESSAGE_ID"),
        pytest.param((("MESSAGE_ID", "="), ("EVENT_NAME", "=")), BY_MESSAGE, id="and EVENT_NAME"),
        pytest.param((("MESSAGE_ID", "="), ("ID", ">=")), BY_MESSAGE, id="and >=ID"),
    ],
)
def test_take_of_listed_rows_looks_them_up(
    database: Database, shape: Shape, index: list[str]
) -> None:
    *reached, sorted_after = plan(database, take(shape))

    assert [step.removeprefix("SEARCH queue USING INDEX ") for step in reached] == index
    assert sorted_after == "USE TEMP B-TREE FOR ORDER BY"


def test_take_by_id_reads_in_the_order_of_ids(database: Database) -> None:
    assert index_of(database, take(NONE, BY_ID)) == "queue_ids (portal_id=?)"
    assert index_of(database, take((("ID", ">"),), BY_ID)) == "queue_ids (portal_id=? AND id>?)"


@pytest.mark.parametrize("shape", [NONE, (("ERROR", "="),), (("PROCESS_ID", "="),)], ids=str)
def test_a_page_of_the_list_needs_no_sorting(database: Database, shape: Shape) -> None:
    listing = statements.listing(shape, BY_ID, delayed=False)

    assert index_of(database, listing) == "queue_ids (portal_id=?)"


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("any_free", BOX),
        ("mark", "INTEGER PRIMARY KEY (rowid=?)"),
        ("remove", "INTEGER PRIMARY KEY (rowid=?)"),
        ("remove_neighbours", "INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
        ("clear_process", "application_id=? AND connector=? AND process_id=?"),
        ("clear_ids", "queue_ids (portal_id=? AND id=?)"),
        ("sweep", "queue_ids (portal_id=?)"),
        ("any_dead", "queue_ids (portal_id=?)"),
    ],
)
def test_every_other_statement_reaches_its_rows_by_an_index(
    database: Database, name: str, index: str
) -> None:
    steps = plan(database, getattr(statements, name))

    assert [step for step in steps if not step.startswith("SEARCH")] == []
    assert index in steps[0]


@pytest.mark.parametrize(
    "name",
    [
        "clear_messages",
        "delete_twins",
        "delete_failed_twins",
        "mark_failed",
        "refresh",
        "delete_expired_twin",
        "same_key",
    ],
)
def test_rows_with_a_message_are_looked_up(database: Database, name: str) -> None:
    steps = plan(database, getattr(statements, name))

    assert steps[:2] == BY_MESSAGE
    assert [step for step in steps if not step.startswith("SEARCH")] == []
