import pytest

from mock_bitrix.portal.row_writing import AT_ONCE, keep_free, write_rows
from mock_bitrix.storage import schema
from mock_bitrix.storage.counters import Counters
from mock_bitrix.storage.database import Database, StorageError
from mock_bitrix.storage.statement import Statement

ROW = {
    "portal_id": 1,
    "application_id": 1,
    "connector": "",
    "id": None,
    "event": "ONAPPTEST",
    "data": "false",
    "additional": "false",
    "timestamp": 5,
    "written": 5.5,
    "process_id": "",
    "reserved_at": None,
    "error": 0,
}


def ids(database: Database, portal_id: int) -> list[int]:
    q = schema.queue.c
    found = schema.queue.select().with_only_columns(q.id).where(q.portal_id == portal_id)
    return [row[0] for row in database.run(Statement(found.order_by(q.message_id)))]


@pytest.mark.parametrize("count", [0, 1, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE - 1])
def test_rows_are_numbered_in_their_order(database: Database, count: int) -> None:
    write_rows(database, [ROW | {"message_id": f"{n:05}"} for n in range(count)])

    assert ids(database, 1) == list(range(1, count + 1))


def test_each_portal_has_numbers_of_its_own(database: Database) -> None:
    rows = [
        ROW | {"message_id": f"{n}", "portal_id": 1 + n % 2, "application_id": 1 + n % 2}
        for n in range(6)
    ]
    keep_free(database, 2, 10)

    write_rows(database, rows)

    assert (ids(database, 1), ids(database, 2)) == ([1, 2, 3], [11, 12, 13])
    assert Counters(database, 1).value("row") == 3


def test_a_key_that_is_there_fails(database: Database) -> None:
    rows = [ROW | {"message_id": "m"}, ROW | {"message_id": "m"}]

    with pytest.raises(StorageError):
        write_rows(database, rows)
