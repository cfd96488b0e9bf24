"""The verbs of the queue, without HTTP: what state a row is in before and after."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mock_bitrix.queue.selection import BY_ID, Condition, InvalidType, OrderBy
from mock_bitrix.storage.opening import open_database
from tests.queue.desk import (
    DEAL,
    LEAD,
    START,
    Desk,
    change,
    failed,
    force,
    ids,
    open_desk,
    selection,
    states,
)

# Protocol D.8: a change happens.


def test_a_change_makes_a_free_good_row_with_the_time_and_the_next_id(desk: Desk) -> None:
    first, second = desk.put(5), desk.put(6)

    assert (first.id, first.refreshed) == (1, False)
    assert (second.id, second.refreshed) == (2, False)
    row, process_id, error = desk.listed()[0]
    assert (row.timestamp, row.event, process_id, error) == (START, LEAD, "", 0)
    assert (row.data, row.additional) == ('{"FIELDS":{"ID":5}}', '{"user_id":"1"}')
    assert row.message_id == "4b6a86df80bf16067870febcde2761b2"


def test_same_change_refreshes_the_free_row_and_keeps_its_id(desk: Desk) -> None:
    desk.put(5)
    desk.put(6)
    desk.now += 10

    again = desk.queue().put(change(5, user=2))

    assert (again.id, again.refreshed) == (1, True)
    row = desk.rows()[0]
    assert (row.id, row.timestamp, row.additional) == (1, START + 10, '{"user_id":"2"}')
    assert ids(desk.take()) == [2, 1]  # at the end of the default order


def test_same_change_is_absorbed_by_a_row_in_error(desk: Desk) -> None:
    failed(desk, 5)
    desk.now += 10

    again = desk.put(5)

    assert (again.id, again.refreshed) == (1, True)
    assert [(each.error, each.row.timestamp) for each in desk.listed()] == [(1, START + 10)]
    assert ids(desk.take()) == []


def test_same_change_beside_a_reserved_row_makes_a_new_row(desk: Desk) -> None:
    desk.put(5)
    process = desk.take(keep=True).process_id
    desk.now += 10

    again = desk.put(5)

    assert (again.id, again.refreshed) == (2, False)
    assert states(desk) == [(1, process, 0), (2, "", 0)]
    assert desk.rows()[0].timestamp == START


def test_same_change_after_a_take_makes_a_new_row(desk: Desk) -> None:
    desk.put(5)
    desk.take()

    assert desk.put(5).id == 2


def test_other_event_on_the_same_object_makes_a_row_of_its_own(desk: Desk) -> None:
    assert [desk.put(5).id, desk.put(5, DEAL).id] == [1, 2]


def test_other_connector_or_application_makes_a_row_of_its_own(desk: Desk) -> None:
    made = [desk.put(5), desk.put(5, connector="A"), desk.put(5, application=1)]

    assert [written.refreshed for written in made] == [False, False, False]
    assert [len(desk.rows()), len(desk.rows(connector="A")), len(desk.rows(application=1))] == [
        1,
        1,
        1,
    ]


# Protocol D.7: taking.


def test_take_deletes_what_it_shows(desk: Desk) -> None:
    for number in range(3):
        desk.put(number)

    batch = desk.take(limit=2)

    assert batch.process_id is None
    assert ids(batch) == [1, 2]
    assert states(desk) == [(3, "", 0)]


def test_take_with_keep_reserves_without_touching_time_or_error(desk: Desk) -> None:
    desk.put(1)
    desk.put(2)
    desk.now += 100

    batch = desk.take(keep=True, limit=1)

    assert re.fullmatch("[a-z0-9]{32}", str(batch.process_id))
    assert states(desk) == [(1, batch.process_id, 0), (2, "", 0)]
    assert [row.timestamp for row in desk.rows()] == [START, START]


def test_each_reservation_has_an_id_of_its_own_even_when_nothing_matched(desk: Desk) -> None:
    first, second = desk.take(keep=True), desk.take(keep=True)

    assert first.rows == second.rows == []
    assert first.process_id != second.process_id
    assert first.process_id is not None


def test_process_ids_repeat_with_the_portals_seed(tmp_path_factory: pytest.TempPathFactory) -> None:
    taken = []
    for name in ("a", "b"):
        database = open_database(f"sqlite:///{tmp_path_factory.mktemp(name) / 'q.sqlite'}")
        desk = open_desk(database, seed="seven")
        taken.append([desk.take(keep=True).process_id for _ in range(3)])
        database.close()

    assert taken[0] == taken[1]
    assert len(set(taken[0])) == 3


def test_a_reserved_row_is_nobody_elses(desk: Desk) -> None:
    desk.put(1)
    desk.take(keep=True)

    assert ids(desk.take(keep=True)) == []
    assert ids(desk.take()) == []


def test_reservation_never_expires_by_itself(desk: Desk) -> None:
    desk.put(1)
    process = desk.take(keep=True)
    desk.now += desk.portal.retention - 1

    assert ids(desk.take()) == []
    assert ids(desk.reread(process, keep=True)) == [1]


def test_equal_timestamps_come_in_the_order_of_ids(desk: Desk) -> None:
    for number in (3, 1, 2):
        desk.put(number)

    assert ids(desk.take(order=(OrderBy("TIMESTAMP_X", descending=True),))) == [1, 2, 3]


def test_a_refused_take_touches_nothing(desk: Desk) -> None:
    desk.switch(fresh_filter="strict")
    desk.put(1)

    with pytest.raises(InvalidType):
        desk.take(Condition("=", "ID", [1]), keep=True)

    assert states(desk) == [(1, "", 0)]


# Protocol D.7: reading again.


def test_reread_with_keep_changes_nothing_and_repeats(desk: Desk) -> None:
    for number in range(3):
        desk.put(number)
    process = desk.take(keep=True)

    assert ids(desk.reread(process, keep=True, limit=2)) == [1, 2]
    assert ids(desk.reread(process, keep=True, limit=2)) == [1, 2]
    assert len(desk.rows()) == 3


@pytest.mark.parametrize(
    "narrowed",
    [
        pytest.param({"limit": 1}, id="limit"),
        pytest.param({"conditions": [Condition("=", "ID", 2)]}, id="filter"),
    ],
)
def test_reread_deletes_the_whole_batch_however_little_was_shown(
    desk: Desk, narrowed: dict[str, Any]
) -> None:
    for number in range(3):
        desk.put(number)
    process = desk.take(keep=True)
    conditions = narrowed.pop("conditions", [])

    shown = desk.reread(process, *conditions, **narrowed)

    assert len(shown.rows) == 1
    assert desk.rows() == []


def test_reread_that_shows_nothing_deletes_nothing(desk: Desk) -> None:
    desk.put(1)
    process = desk.take(keep=True)

    assert ids(desk.reread(process, Condition("=", "ID", 7))) == []
    assert ids(desk.reread(process, error=True)) == []
    assert states(desk) == [(1, process.process_id, 0)]


def test_reread_of_a_batch_with_an_error_deletes_its_good_rows_too(desk: Desk) -> None:
    failed(desk, 1)
    process = desk.take(keep=True, error=True).process_id
    assert process is not None
    desk.put(2)
    _reserve_under(desk, process, 2)

    shown = desk.queue().reread(process, selection(error=True), keep=False)

    assert ids(shown) == [1]
    assert desk.rows() == []


def test_reread_of_the_empty_process_id_reads_free_rows_and_reserves_none(desk: Desk) -> None:
    desk.put(1)
    desk.take(keep=True)
    desk.put(2)

    assert ids(desk.queue().reread("", selection(), keep=True)) == [2]
    assert [row.process_id == "" for row in desk.listed()] == [False, True]


def test_reread_of_the_empty_process_id_deletes_every_free_row_even_in_error(desk: Desk) -> None:
    failed(desk, 1)
    desk.put(2)
    desk.take(keep=True)
    desk.put(3)
    desk.put(4)

    shown = desk.queue().reread("", selection(limit=1), keep=False)

    assert ids(shown) == [3]
    assert ids(desk.rows()) == [2]  # the reserved one


# Protocol D.7.3: rows in error.


def test_error_mode_takes_failed_rows_only_and_they_stay_failed(desk: Desk) -> None:
    failed(desk, 1)
    desk.put(2)

    batch = desk.take(keep=True, error=True)

    assert ids(batch) == [1]
    assert states(desk) == [(1, batch.process_id, 1), (2, "", 0)]
    assert ids(desk.reread(batch, keep=True)) == []
    assert ids(desk.reread(batch, keep=True, error=True)) == [1]


def test_error_mode_with_clear_shows_and_deletes(desk: Desk) -> None:
    failed(desk, 1)

    assert ids(desk.take(error=True)) == [1]
    assert desk.rows() == []


# Protocol D.7: whose rows.


def test_applications_and_connectors_never_see_each_others_rows(desk: Desk) -> None:
    desk.put(1)
    desk.put(2, connector="A")
    desk.put(3, connector="a")
    desk.put(4, application=1)

    assert ids(desk.queue("A").take(selection(), keep=False)) == [2]
    assert ids(desk.queue("A ").take(selection(), keep=False)) == []
    assert ids(desk.queue("", 1).take(selection(), keep=False)) == [4]
    assert ids(desk.take()) == [1]
    assert ids(desk.rows(connector="a")) == [3]


def test_confirming_and_failing_stay_within_application_and_connector(desk: Desk) -> None:
    desk.put(1)
    process = desk.take(keep=True).process_id
    assert process is not None
    message_id = desk.rows()[0].message_id

    for queue in (desk.queue("A"), desk.queue(application=1)):
        assert queue.clear(process) == 0
        assert queue.mark_error(process, [message_id]).deleted == 0
        assert ids(queue.reread(process, selection(), keep=False)) == []

    assert states(desk) == [(1, process, 0)]


# Protocol question 23: a change that takes time to show.


def test_a_change_shows_after_the_visibility_delay(desk: Desk) -> None:
    desk.switch(visibility_delay=5)
    desk.put(1)
    desk.now += 4
    assert ids(desk.take(keep=True)) == []
    assert desk.rows() == []
    assert desk.queue().clear("") == 0

    desk.now += 1

    assert ids(desk.rows()) == [1]
    assert ids(desk.take(keep=True)) == [1]


# Order, pages.


def test_rows_come_a_page_at_a_time_with_the_total(desk: Desk) -> None:
    for number in range(5):
        desk.put(number)

    page = desk.queue().rows((), BY_ID, offset=3, limit=2)

    assert (ids(page), page.total) == ([4, 5], 5)
    assert desk.queue().rows((), BY_ID, offset=5, limit=2).rows == []


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        pytest.param((), [1, 2, 3, 4], id="none: by id"),
        pytest.param((OrderBy("ID", descending=True),), [4, 3, 2, 1], id="id descending"),
        pytest.param((OrderBy("EVENT_NAME"),), [2, 3, 1, 4], id="event, then id"),
        pytest.param(
            (OrderBy("EVENT_NAME", descending=True), OrderBy("ID", descending=True)),
            [4, 1, 3, 2],
            id="two keys",
        ),
        pytest.param((OrderBy("TIMESTAMP_X"), OrderBy("EVENT_NAME")), [3, 4, 2, 1], id="time"),
    ],
)
def test_rows_come_in_the_order_asked_for(
    desk: Desk, order: tuple[OrderBy, ...], expected: list[int]
) -> None:
    for number, event, seconds in ((1, LEAD, 9), (2, DEAL, 9), (3, DEAL, 0), (4, LEAD, 0)):
        desk.now = START + seconds
        desk.put(number, event)

    assert ids(desk.queue().rows((), order, offset=0, limit=9)) == expected
    assert ids(desk.take(order=order, keep=True)) == expected


# Protocol question 3: callers at once.


def test_takers_at_once_get_different_rows(desk: Desk) -> None:
    for number in range(200):
        desk.put(number)

    def worker(_: int) -> list[int]:
        taken: list[int] = []
        while batch := desk.take(keep=True, limit=3).rows:
            taken += ids(batch)
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [number for part in pool.map(worker, range(4)) for number in part]

    assert sorted(taken) == list(range(1, 201))


def test_writers_at_once_keep_one_free_row_of_the_same_change(desk: Desk) -> None:
    with ThreadPoolExecutor(4) as pool:
        written = list(pool.map(lambda _: desk.put(7), range(40)))

    assert len({row.id for row in written}) == 1
    assert [row.refreshed for row in written].count(False) == 1


def _reserve_under(desk: Desk, process_id: str, number: int) -> None:
    force(
        desk,
        f"UPDATE queue SET process_id = '{process_id}' WHERE id = {number}",
        portal=desk.portal.id,
    )
