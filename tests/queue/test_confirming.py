"""Confirming, failing and expiring, without HTTP: what state a row is in before and after."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mock_bitrix.clock import Clock
from mock_bitrix.queue.queue import sweep
from tests.queue.desk import (
    START,
    Desk,
    fail,
    failed,
    force,
    ids,
    states,
)

# Protocol E.2: confirming.


def test_clear_deletes_the_batch_whatever_its_error(desk: Desk) -> None:
    failed(desk, 1)
    process = desk.take(keep=True, error=True).process_id
    assert process is not None

    assert desk.queue().clear(process) == 1
    assert desk.rows() == []


def test_clear_deletes_listed_rows_of_the_batch_only(desk: Desk) -> None:
    for number in range(4):
        desk.put(number)
    process = desk.take(keep=True, limit=3).process_id
    assert process is not None
    rows = desk.rows()

    assert desk.queue().clear(process, ids=[1, 4, 77]) == 1
    assert desk.queue().clear(process, message_ids=[rows[1].message_id, rows[3].message_id]) == 1
    assert ids(desk.rows()) == [3, 4]


def test_clear_of_an_unknown_process_deletes_nothing(desk: Desk) -> None:
    desk.put(1)

    assert desk.queue().clear("nobody", ids=[1]) == 0
    assert desk.queue().clear("nobody") == 0


def test_clear_of_the_empty_process_id_deletes_all_free_rows(desk: Desk) -> None:
    failed(desk, 1)
    desk.put(2)
    desk.take(keep=True)
    desk.put(3)

    assert desk.queue().clear("") == 2
    assert ids(desk.rows()) == [2]


# Protocol E.3: failing.


def test_failed_row_is_free_again_and_in_error(desk: Desk) -> None:
    desk.put(1)
    desk.put(2)
    batch = desk.take(keep=True)

    marked = fail(desk, batch.process_id, batch.rows[0].message_id)

    assert marked == (1, 0)
    assert states(desk) == [(1, "", 1), (2, batch.process_id, 0)]


def test_error_deletes_the_free_twin(desk: Desk) -> None:
    desk.put(1)
    batch = desk.take(keep=True)
    desk.put(1)

    marked = fail(desk, batch.process_id, batch.rows[0].message_id)

    assert marked == (1, 1)
    assert states(desk) == [(1, "", 1)]


def test_error_deletes_twins_that_other_batches_have_reserved(desk: Desk) -> None:
    desk.put(1)
    first = desk.take(keep=True)
    desk.put(1)
    second = desk.take(keep=True)

    assert fail(desk, second.process_id, first.rows[0].message_id) == (1, 1)
    assert states(desk) == [(2, "", 1)]


@pytest.mark.parametrize("process_id", ["nobody", "nul\0inside"])
def test_error_with_an_unknown_process_deletes_the_listed_good_rows(
    desk: Desk, process_id: str
) -> None:
    desk.put(1)
    desk.put(2)
    reserved = desk.take(keep=True, limit=1)
    listed = [row.message_id for row in desk.rows()]
    desk.put(3)

    marked = desk.queue().mark_error(process_id, listed)

    assert (marked.marked, marked.deleted, marked.lost) == (0, 2, 2)
    assert ids(desk.rows()) == [3]
    assert ids(desk.reread(reserved, keep=True)) == []


def test_error_leaves_rows_that_are_in_error_already(desk: Desk) -> None:
    failed(desk, 1)
    batch = desk.take(keep=True, error=True)

    assert fail(desk, batch.process_id, batch.rows[0].message_id) == (0, 0)
    assert fail(desk, "nobody", batch.rows[0].message_id) == (0, 0)
    assert states(desk) == [(1, batch.process_id, 1)]


def test_error_with_the_empty_process_id_marks_free_rows(desk: Desk) -> None:
    desk.put(1)

    assert fail(desk, "", desk.rows()[0].message_id) == (1, 0)
    assert states(desk) == [(1, "", 1)]


def test_error_without_message_ids_does_nothing(desk: Desk) -> None:
    desk.put(1)
    batch = desk.take(keep=True)

    assert fail(desk, batch.process_id) == (0, 0)
    assert states(desk) == [(1, batch.process_id, 0)]


def test_error_beside_a_free_failed_twin_keeps_one_row(desk: Desk) -> None:
    """Protocol question 8: the unique key of the real server would clash here."""
    failed(desk, 1)
    desk.put(2)
    batch = desk.take(keep=True)
    twin = desk.rows()[0].message_id
    force(desk, f"UPDATE queue SET message_id = '{twin}' WHERE id = 2", portal=desk.portal.id)

    assert fail(desk, batch.process_id, twin) == (1, 0)
    assert states(desk) == [(2, "", 1)]


# Protocol E.4: the whole life of a row.


def test_life_of_a_row_from_change_to_deletion(desk: Desk) -> None:
    desk.put(1)
    process = desk.take(keep=True)
    fail(desk, process.process_id, process.rows[0].message_id)
    assert desk.put(1).refreshed
    again = desk.take(keep=True, error=True)
    assert ids(again) == [1]
    assert again.process_id is not None

    desk.queue().clear(again.process_id)

    assert desk.rows() == []


# Protocol D.11: retention.


@pytest.mark.parametrize("state", ["free", "reserved", "error"])
def test_retention_ignores_reservation_and_error(desk: Desk, state: str) -> None:
    desk.put(1)
    process = desk.take(keep=True) if state != "free" else None
    if state == "error" and process:
        fail(desk, process.process_id, process.rows[0].message_id)
    desk.now += desk.portal.retention

    assert desk.rows() == []
    assert ids(desk.take(error=state == "error")) == []
    if process:
        assert ids(desk.reread(process, keep=True)) == []


def test_an_expired_row_is_swept_and_younger_ones_stay(desk: Desk) -> None:
    desk.put(1)
    desk.now += 10
    desk.put(2)

    assert _sweep(desk) == 0
    desk.now = START + desk.portal.retention
    assert _sweep(desk) == 1
    assert ids(desk.rows()) == [2]


def test_refreshing_a_row_keeps_it_longer(desk: Desk) -> None:
    desk.put(1)
    desk.now += desk.portal.retention - 1
    desk.put(1)
    desk.now += 10

    assert ids(desk.rows()) == [1]


def test_a_change_after_its_row_expired_makes_a_new_one(desk: Desk) -> None:
    failed(desk, 1)
    desk.now += desk.portal.retention

    again = desk.put(1)

    assert (again.id, again.refreshed) == (2, False)
    assert states(desk) == [(2, "", 0)]


def test_confirming_does_not_reach_expired_rows_of_the_batch(desk: Desk) -> None:
    desk.put(1)
    process = desk.take(keep=True).process_id
    assert process is not None
    desk.now += desk.portal.retention

    assert desk.queue().clear(process) == 0


def _sweep(desk: Desk) -> int:
    return sweep(desk.database, replace(desk.portal, clock=Clock(frozen_at=desk.now)))
