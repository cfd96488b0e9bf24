"""event.offline.list: the queue by pages, unchanged (protocol E.1)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rest.methods.offline import GET, LIST, P1, filled, ids, leads, left, message
from tests.support import TestPortal


def test_record_has_these_keys_in_this_order(any_portal: TestPortal) -> None:
    filled(any_portal, [*leads([5], process_id=P1), *leads([6], error=True)])

    first, second = any_portal.admin(LIST).result

    assert list(first.items()) == [
        ("ID", "5"),
        ("TIMESTAMP_X", "2026-01-02T10:00:05+00:00"),
        ("EVENT_NAME", "ONCRMLEADADD"),
        ("EVENT_DATA", {"FIELDS": {"ID": 5}}),
        ("EVENT_ADDITIONAL", False),
        ("MESSAGE_ID", message(5)),
        ("PROCESS_ID", P1),
        ("ERROR", "0"),
    ]
    assert (second["PROCESS_ID"], second["ERROR"]) == ("", "1")


def test_next_and_total_stand_beside_the_result(any_portal: TestPortal) -> None:
    filled(any_portal, leads(range(1, 61)))

    first = any_portal.admin(LIST)
    last = any_portal.admin(LIST, start=50)

    assert list(first.body) == ["result", "next", "total", "time"]
    assert (first.body["next"], first.body["total"]) == (50, 60)
    assert list(last.body) == ["result", "total", "time"]
    assert last.body["total"] == 60


def test_an_empty_queue_has_total_0(any_portal: TestPortal) -> None:
    answer = any_portal.admin(LIST)

    assert (answer.result, answer.body["total"], "next" in answer.body) == ([], 0, False)


@pytest.mark.parametrize(
    ("start", "first", "following"),
    [
        pytest.param(None, 1, 50, id="absent"),
        pytest.param(0, 1, 50, id="0"),
        pytest.param(7, 8, 57, id="no multiple of 50"),
        pytest.param("7abc", 8, 57, id="converted"),
        pytest.param("abc", 1, 50, id="no number"),
        pytest.param(-1, 1, 50, id="negative"),
        pytest.param(-100, 1, 50, id="very negative"),
        pytest.param(10, 11, None, id="last page"),
        pytest.param(59, 60, None, id="last record"),
    ],
)
def test_list_begins_at_start(
    any_portal: TestPortal, start: object, first: int, following: int | None
) -> None:
    total = 60 if start in (10, 59) else 120
    filled(any_portal, leads(range(1, total + 1)))

    answer = any_portal.admin(LIST, start=start)

    assert ids(answer)[0] == first
    assert answer.body.get("next") == following
    assert answer.body["total"] == total


@pytest.mark.parametrize("start", [1, 1000, 2**62, 10**30])
def test_start_beyond_the_end_gives_nothing_but_the_total(
    any_portal: TestPortal, start: int
) -> None:
    filled(any_portal, leads([1]))

    answer = any_portal.admin(LIST, start=start)

    beyond = start < 2**63  # what has no 64 bits counts as 0
    assert ids(answer) == ([] if beyond else [1])
    assert (answer.body["total"], "next" in answer.body) == (1, False)


def test_a_page_has_50_records_whatever_the_limit(any_portal: TestPortal) -> None:
    filled(any_portal, leads(range(1, 61)))

    for limit in (1, 0, 100, "x"):
        assert len(ids(any_portal.admin(LIST, limit=limit))) == 50


def test_free_reserved_and_failed_records_are_listed_alike(any_portal: TestPortal) -> None:
    rows = [*leads([1]), *leads([2], process_id=P1), *leads([3], error=True)]
    rows += leads([4], process_id=P1, error=True)
    filled(any_portal, rows)

    assert left(any_portal) == [(1, "", "0"), (2, P1, "0"), (3, "", "1"), (4, P1, "1")]


def test_listing_changes_nothing(any_portal: TestPortal) -> None:
    filled(any_portal, [*leads([1]), *leads([2], process_id=P1)])
    before = any_portal.queue()

    any_portal.admin(LIST, clear=1, process_id=P1, error=1)

    assert any_portal.queue() == before


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param({"PROCESS_ID": ""}, [1, 3], id="free: bare empty"),
        pytest.param({"=PROCESS_ID": ""}, [1, 3], id="free: = empty"),
        pytest.param({"=PROCESS_ID": P1}, [2, 4], id="of a process"),
        pytest.param({">PROCESS_ID": ""}, [2, 4], id="reserved"),
        pytest.param({"PROCESS_ID": "111%"}, [2, 4], id="bare wildcard"),
        pytest.param({"@PROCESS_ID": ["", "x"]}, [1, 3], id="IN"),
        pytest.param({"ERROR": 1}, [3, 4], id="failed"),
        pytest.param({"=ERROR": "0"}, [1, 2], id="good"),
        pytest.param({"ERROR": "abc"}, [1, 2], id="no number is 0"),
        pytest.param({"ERROR": ""}, [1, 2], id="nothing is 0"),
        pytest.param({"@ERROR": [0, 1]}, [1, 2, 3, 4], id="ERROR IN"),
        pytest.param({"error": 1, "process_id": P1}, [4], id="both"),
    ],
)
def test_list_filters_by_process_and_error(
    any_portal: TestPortal, wanted: dict[str, Any], expected: list[int]
) -> None:
    rows = [*leads([1]), *leads([2], process_id=P1), *leads([3], error=True)]
    filled(any_portal, rows + leads([4], process_id=P1, error=True))

    answer = any_portal.admin(LIST, filter=wanted)

    assert ids(answer) == expected
    assert answer.body["total"] == len(expected)


def test_form_filter_of_free_records(any_portal: TestPortal) -> None:
    filled(any_portal, [*leads([1]), *leads([2], process_id=P1)])

    assert ids(any_portal.admin.form(LIST, "filter[PROCESS_ID]=")) == [1]
    assert ids(any_portal.admin.form(LIST, "FILTER[%3DPROCESS_ID]=")) == [1]


def test_list_sees_its_own_connector_only(any_portal: TestPortal) -> None:
    filled(any_portal, [*leads([1]), *leads([2], auth_connector="sync")])

    assert ids(any_portal.admin(LIST)) == [1]
    assert ids(any_portal.admin(LIST, auth_connector="sync")) == [2]
    assert any_portal.admin(LIST, auth_connector="other").body["total"] == 0


def test_take_answers_without_process_and_error(any_portal: TestPortal) -> None:
    filled(any_portal, leads([1]))

    assert {"PROCESS_ID", "ERROR"}.isdisjoint(any_portal.admin(GET).result["events"][0])
