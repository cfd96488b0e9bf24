"""event.offline.error: marking records as failed, with the traps of the real server (E.3)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rest.methods.offline import (
    CLEAR,
    ERROR,
    GET,
    P1,
    P2,
    filled,
    ids,
    leads,
    left,
    left_ids,
    message,
    refusal,
    wrong,
)
from tests.support import TestPortal, lead_added

NO_PROCESS = wrong("Argument 'PROCESS_ID' is null or empty", "PROCESS_ID")
NO_MESSAGE_IDS = wrong("Value must be array of MESSAGE_ID values", "message_id")


def twins(portal: TestPortal) -> TestPortal:
    """The same change three times: reserved under P1 (1), under P2 (2), free (3); and another."""
    rows = [
        lead_added(1, id=1, message_id=message(1), process_id=P1),
        lead_added(1, id=2, message_id=message(1), process_id=P2),
        lead_added(1, id=3, message_id=message(1)),
    ]
    return filled(portal, [*rows, *leads([4], process_id=P1)])


@pytest.mark.parametrize("sent", [{}, {"process_id": None}, {"message_id": "x"}])
def test_error_needs_a_process_id(any_portal: TestPortal, sent: dict[str, Any]) -> None:
    assert refusal(any_portal.admin(ERROR, **sent)) == NO_PROCESS


@pytest.mark.parametrize("sent", [{}, {"message_id": None}, {"message_id": "x"}, {"message_id": 0}])
def test_error_needs_an_array_of_message_ids(any_portal: TestPortal, sent: dict[str, Any]) -> None:
    assert refusal(twins(any_portal).admin(ERROR, process_id=P1, **sent)) == NO_MESSAGE_IDS
    assert left_ids(any_portal) == [1, 2, 3, 4]


def test_listed_records_of_the_batch_are_free_and_failed(any_portal: TestPortal) -> None:
    filled(any_portal, leads([1, 2, 3], process_id=P1))

    answer = any_portal.admin(ERROR, process_id=f" {P1} ", message_id=[message(1), message(3)])

    assert answer.result is True
    assert left(any_portal) == [(1, "", "1"), (2, P1, "0"), (3, "", "1")]


def test_twins_outside_of_the_batch_are_deleted(any_portal: TestPortal) -> None:
    assert twins(any_portal).admin(ERROR, process_id=P1, message_id=[message(1)]).result is True

    assert left(any_portal) == [(1, "", "1"), (4, P1, "0")]


@pytest.mark.parametrize("process_id", ["unknown", "0", 7, "nul\0inside"])
def test_unknown_process_deletes_the_listed_records(
    any_portal: TestPortal, process_id: object
) -> None:
    answer = twins(any_portal).admin(ERROR, process_id=process_id, message_id=[message(1)])

    assert answer.result is True
    assert left(any_portal) == [(4, P1, "0")]


def test_failed_records_are_not_touched_even_when_listed(any_portal: TestPortal) -> None:
    rows = [*leads([1], error=True), *leads([2], error=True, process_id=P1)]
    filled(any_portal, rows)

    listed = [message(1), message(2)]
    for process_id in (P1, P2, ""):
        assert any_portal.admin(ERROR, process_id=process_id, message_id=listed).result is True

    assert left(any_portal) == [(1, "", "1"), (2, P1, "1")]


@pytest.mark.parametrize(
    "listed", [[], {}, [2], ["short"], ["x" * 1000], [None], [True], [f" {message(1)} "]], ids=str
)
def test_message_ids_are_neither_checked_nor_trimmed(
    any_portal: TestPortal, listed: object
) -> None:
    assert twins(any_portal).admin(ERROR, process_id=P1, message_id=listed).result is True
    assert left_ids(any_portal) == [1, 2, 3, 4]


def test_message_ids_may_come_in_a_map(any_portal: TestPortal) -> None:
    filled(any_portal, leads([1], process_id=P1))

    any_portal.admin.form(ERROR, f"process_id={P1}&message_id[a]={message(1)}")

    assert left(any_portal) == [(1, "", "1")]


def test_empty_process_id_marks_free_records(any_portal: TestPortal) -> None:
    filled(any_portal, [*leads([1]), *leads([2], process_id=P1)])

    any_portal.admin(ERROR, process_id="", message_id=[message(1)])

    assert left(any_portal) == [(1, "", "1"), (2, P1, "0")]


def test_free_failed_twin_of_the_batch_gives_way(any_portal: TestPortal) -> None:
    """Protocol question 8: one row stays, and the answer is true."""
    rows = [
        lead_added(1, id=1, message_id=message(1), error=True),
        lead_added(1, id=2, message_id=message(1), process_id=P1),
    ]
    filled(any_portal, rows)

    assert any_portal.admin(ERROR, process_id=P1, message_id=[message(1)]).result is True
    assert left(any_portal) == [(2, "", "1")]


def test_error_stays_within_its_connector(any_portal: TestPortal) -> None:
    twins(any_portal).admin(ERROR, process_id=P1, message_id=[message(1)], auth_connector="sync")

    assert left_ids(any_portal) == [1, 2, 3, 4]


def test_failed_record_needs_error_1_to_be_taken(any_portal: TestPortal) -> None:
    filled(any_portal, leads([1], process_id=P1))
    any_portal.admin(ERROR, process_id=P1, message_id=[message(1)])

    assert any_portal.admin(GET).result == {"process_id": None, "events": []}
    assert ids(any_portal.admin(GET, error=1, clear=0)) == [1]
    [(_, process, error)] = left(any_portal)
    assert error == "1"
    assert any_portal.admin(CLEAR, process_id=process, id=[1]).result is True
    assert left(any_portal) == []


@pytest.mark.parametrize("sent", [{"process_id": ["x"], "message_id": []}, {"message_id": [["x"]]}])
def test_an_array_for_a_text_breaks_error(any_portal: TestPortal, sent: dict[str, Any]) -> None:
    status, code, _ = twins(any_portal).admin(ERROR, **{"process_id": P1, **sent}).error

    assert (status, code) == (500, "INTERNAL_SERVER_ERROR")
    assert left_ids(any_portal) == [1, 2, 3, 4]
