"""How PostgreSQL runs a take of later ids: by the index of the default order, from a time on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text

from mock_bitrix.portal.row_writing import write_rows
from mock_bitrix.queue import statements
from mock_bitrix.queue.selection import BY_TIMESTAMP
from mock_bitrix.queue.statements import Shape
from mock_bitrix.storage.opening import open_database
from mock_bitrix.storage.statement import Statement
from tests.queue.desk import LEAD, START, Desk, open_desk

ROWS = 20_000


@pytest.fixture(scope="module")
def long_queue(new_database: Callable[[], str | None]) -> Iterator[Desk]:
    """Rows of a second each, and what PostgreSQL knows of them; no others, which change plans."""
    address = new_database()
    if address is None:
        pytest.skip("SQLite's plans are in test_statements.py")
    desk = open_desk(open_database(address, durable=False))
    shared = {
        "portal_id": desk.portal.id,
        "application_id": desk.applications[0],
        "connector": "",
        "event": LEAD,
        "data": "false",
        "additional": "false",
        "written": desk.now,
        "process_id": "",
        "reserved_at": None,
        "error": 0,
    }
    numbers = range(1, ROWS + 1)
    rows = [{**shared, "id": n, "message_id": f"{n:032x}", "timestamp": START + n} for n in numbers]
    with desk.database.transaction():
        write_rows(desk.database, rows)
    desk.database.run(Statement(text("ANALYZE queue")))
    desk.database.run(Statement(text("ANALYZE queue_blocks")))
    yield desk
    desk.database.close()


def plan(desk: Desk, shape: Shape, **values: Any) -> str:
    """What PostgreSQL does for a take, and with how many rows."""
    taking = statements.reading(shape, BY_TIMESTAMP, locking=True, delayed=False)
    compiled = taking.compiled(desk.database.dialect)
    box = {
        "portal_id": desk.portal.id,
        "application_id": desk.applications[0],
        "connector": "",
        "dead": 0.0,
    }
    with desk.database.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {compiled.text}",
            compiled.bound({**box, "process_id": "", "error": 0, "limit": 50, **values}),
        )
        return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize("shape", [(("ID", ">="),), (("ID", ">"),), (("ID", ">="), ("ID", "<"))])
def test_a_take_of_later_ids_begins_at_their_time(long_queue: Desk, shape: Shape) -> None:
    shown = plan(long_queue, shape, c0=ROWS // 2, c1=ROWS)

    assert "Index Scan using queue_default_order" in shown
    assert '"timestamp" >=' in shown
    removed = [line for line in shown.splitlines() if "Rows Removed by Filter" in line]
    assert sum(int(line.split(":")[1]) for line in removed) <= 1024


def test_a_take_of_later_ids_of_one_event_begins_there_too(long_queue: Desk) -> None:
    shown = plan(long_queue, (("EVENT_NAME", "="), ("ID", ">=")), c0=LEAD, c1=ROWS // 2)

    assert "Index Scan using queue_" in shown
    assert '"timestamp" >=' in shown


def test_a_take_of_one_id_looks_it_up(long_queue: Desk) -> None:
    assert "Index Scan using queue_ids" in plan(long_queue, (("ID", "="),), c0=ROWS // 2)
