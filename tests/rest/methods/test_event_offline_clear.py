"""event.offline.clear: confirming a batch, or parts of it (protocol E.2)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rest.methods.offline import (
    CLEAR,
    P1,
    P2,
    filled,
    leads,
    left_ids,
    message,
    refusal,
    wrong,
)
from tests.support import TestPortal

NO_PROCESS = wrong("Argument 'PROCESS_ID' is null or empty", "PROCESS_ID")
NO_MESSAGE_IDS = wrong("Value must be array of MESSAGE_ID values", "message_id")
NO_MESSAGE_ID = wrong("Value must be array of MESSAGE_ID values", "messsage_id")
NO_IDS = wrong("Value must be array of integers", "id")

ALL = [1, 2, 3, 4, 5]


def batched(portal: TestPortal) -> TestPortal:
    """1 and 2 under P1, 3 under P2, 4 free, 5 free and in error."""
    rows = [*leads([1, 2], process_id=P1), *leads([3], process_id=P2)]
    return filled(portal, [*rows, *leads([4]), *leads([5], error=True)])


@pytest.mark.parametrize("sent", [{}, {"process_id": None}, {"message_id": 1, "id": 1}])
def test_clear_needs_a_process_id(any_portal: TestPortal, sent: dict[str, Any]) -> None:
    assert refusal(batched(any_portal).admin(CLEAR, **sent)) == NO_PROCESS
    assert left_ids(any_portal) == ALL


@pytest.mark.parametrize("value", ["x", "", 7, 0, False, True])
def test_clear_takes_an_array_of_message_ids(any_portal: TestPortal, value: object) -> None:
    answer = batched(any_portal).admin(CLEAR, process_id=P1, message_id=value)

    assert refusal(answer) == NO_MESSAGE_IDS
    assert left_ids(any_portal) == ALL


@pytest.mark.parametrize("value", ["x" * 31, "x" * 33, "", 2, None, True, " " + "x" * 31], ids=repr)
def test_message_id_must_have_32_characters(any_portal: TestPortal, value: object) -> None:
    answer = batched(any_portal).admin(CLEAR, process_id=P1, message_id=[message(1), value])

    assert refusal(answer) == NO_MESSAGE_ID
    assert left_ids(any_portal) == ALL


@pytest.mark.parametrize("value", ["x" * 32, "ä" * 16 + "x" * 16, f"\n{message(77)} "])
def test_content_of_a_message_id_does_not_matter(any_portal: TestPortal, value: str) -> None:
    answer = batched(any_portal).admin(CLEAR, process_id=P1, message_id=[value])

    assert answer.result is True
    assert left_ids(any_portal) == ALL


@pytest.mark.parametrize("value", ["x", "", 7, 0, False, True])
def test_id_must_be_an_array(any_portal: TestPortal, value: object) -> None:
    answer = batched(any_portal).admin(CLEAR, process_id=P1, id=value)

    assert refusal(answer) == NO_IDS
    assert left_ids(any_portal) == ALL


@pytest.mark.parametrize("value", [0, -1, "abc", "", None, False, [], "-7", 0.5, 10**30], ids=repr)
def test_every_id_must_be_positive(any_portal: TestPortal, value: object) -> None:
    answer = batched(any_portal).admin(CLEAR, process_id=P1, id=[1, value])

    assert refusal(answer) == NO_IDS
    assert left_ids(any_portal) == ALL


@pytest.mark.parametrize(
    ("sent", "remaining"),
    [
        pytest.param({"process_id": P1}, [3, 4, 5], id="the whole batch"),
        pytest.param({"process_id": f" {P1}\n"}, [3, 4, 5], id="trimmed process id"),
        pytest.param({"process_id": P1, "id": [1]}, [2, 3, 4, 5], id="by id"),
        pytest.param({"process_id": P1, "id": ["1abc", 2.9]}, [3, 4, 5], id="ids are converted"),
        pytest.param({"process_id": P1, "id": {"a": 2}}, [1, 3, 4, 5], id="ids in a map"),
        pytest.param({"process_id": P1, "id": [3, 4, 5, 99]}, ALL, id="ids of others"),
        pytest.param({"process_id": P1, "message_id": [message(2)]}, [1, 3, 4, 5], id="message"),
        pytest.param(
            {"process_id": P1, "message_id": [f" {message(2)} "]}, [1, 3, 4, 5], id="trimmed"
        ),
        pytest.param(
            {"process_id": P1, "message_id": [message(3), message(4)]}, ALL, id="others' messages"
        ),
        pytest.param(
            {"process_id": P1, "message_id": [message(2)], "id": [1]},
            [1, 3, 4, 5],
            id="message_id beats id",
        ),
        pytest.param(
            {"process_id": P1, "message_id": [message(2)], "id": "wrong"},
            [1, 3, 4, 5],
            id="id is not even looked at",
        ),
        pytest.param({"process_id": P1, "message_id": []}, [3, 4, 5], id="no messages: all"),
        pytest.param({"process_id": P1, "id": []}, [3, 4, 5], id="no ids: all"),
        pytest.param(
            {"process_id": P1, "message_id": [], "id": [1]}, [3, 4, 5], id="empty one wins too"
        ),
        pytest.param(
            {"process_id": P1, "message_id": None, "id": [1]}, [2, 3, 4, 5], id="null is absent"
        ),
        pytest.param({"process_id": ""}, [1, 2, 3], id="all free records, failed ones too"),
        pytest.param({"process_id": " "}, [1, 2, 3], id="blank is empty"),
        pytest.param({"process_id": "", "id": [5, 1]}, [1, 2, 3, 4], id="free records by id"),
        pytest.param({"process_id": "unknown"}, ALL, id="unknown process"),
        pytest.param({"process_id": "unknown", "id": [1]}, ALL, id="unknown process with ids"),
        pytest.param({"Process_ID": P1, "ID": [1]}, [2, 3, 4, 5], id="names in any case"),
    ],
)
def test_clear_confirms_rows_of_its_process_only(
    any_portal: TestPortal, sent: dict[str, Any], remaining: list[int]
) -> None:
    assert batched(any_portal).admin(CLEAR, **sent).result is True
    assert left_ids(any_portal) == remaining


def test_failed_records_of_the_batch_go_too(any_portal: TestPortal) -> None:
    filled(any_portal, [*leads([1], process_id=P1), *leads([2], process_id=P1, error=True)])

    assert any_portal.admin(CLEAR, process_id=P1).result is True
    assert left_ids(any_portal) == []


def test_form_sends_lists_in_brackets(any_portal: TestPortal) -> None:
    portal = batched(any_portal)

    assert portal.admin.form(CLEAR, f"process_id={P1}&id[]=1&id[]=3").result is True
    assert portal.admin.form(CLEAR, f"process_id={P2}&message_id[a]={message(3)}").result is True
    assert left_ids(any_portal) == [2, 4, 5]


def test_clear_stays_within_its_connector(any_portal: TestPortal) -> None:
    portal = filled(batched(any_portal), leads([6], process_id=P1, auth_connector="sync"))

    portal.admin(CLEAR, process_id=P1, auth_connector="sync")

    assert left_ids(any_portal) == ALL
    assert left_ids(any_portal, auth_connector="sync") == []


@pytest.mark.parametrize("sent", [{"process_id": ["x"]}, {"process_id": P1, "message_id": [["x"]]}])
def test_an_array_for_a_text_breaks_clear(any_portal: TestPortal, sent: dict[str, Any]) -> None:
    status, code, _ = batched(any_portal).admin(CLEAR, **sent).error

    assert (status, code) == (500, "INTERNAL_SERVER_ERROR")
    assert left_ids(any_portal) == ALL
