"""event.offline.get: who may take, what the parameters mean, what an answer looks like."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.rest.methods.offline import (
    GET,
    P1,
    P2,
    filled,
    ids,
    leads,
    left,
    left_ids,
    message,
    move_clock,
    portal_like,
    refusal,
    wrong,
)
from tests.support import TestPortal

NOT_POSITIVE = wrong("Value must be positive integer", "LIMIT")


# Protocol D.0: what is checked first.


def test_arguments_are_checked_in_the_order_limit_filter_order(any_portal: TestPortal) -> None:
    wrongs: dict[str, Any] = {"limit": 0, "filter": "x", "order": "x"}

    assert refusal(any_portal.admin(GET, **wrongs)) == NOT_POSITIVE
    del wrongs["limit"]
    assert refusal(any_portal.admin(GET, **wrongs)) == wrong("The filter is not an array.")
    del wrongs["filter"]
    assert refusal(any_portal.admin(GET, **wrongs)) == wrong("The order is not an array.")


@pytest.mark.parametrize(
    "given", [{"limit": 0}, {"filter": {"!ID": 1}}, {"order": ["id"]}, {"filter": {"=ID": [[1]]}}]
)
def test_a_refused_take_reserves_nothing(any_portal: TestPortal, given: dict[str, Any]) -> None:
    filled(any_portal, leads([1]))

    assert any_portal.admin(GET, clear=0, **given).status >= 400

    assert left(any_portal) == [(1, "", "0")]


def test_an_application_without_subscriptions_gets_an_empty_list(any_portal: TestPortal) -> None:
    assert any_portal.admin(GET).result == {"process_id": None, "events": []}


# Protocol D.1: parameters.


@pytest.mark.parametrize(
    ("sent", "shown"),
    [(None, 50), (7, 7), ("7", 7), ("7abc", 7), (" 7", 7), (2.9, 2), (True, 1), ([5], 1), (55, 55)],
)
def test_limit_is_converted_and_has_no_upper_bound(
    any_portal: TestPortal, sent: object, shown: int
) -> None:
    filled(any_portal, leads(range(1, 61)))

    assert ids(any_portal.admin(GET, limit=sent, clear=0)) == list(range(1, shown + 1))


@pytest.mark.parametrize(
    "sent", [0, "0", -1, "-1", "abc", "", False, 0.9, [], {}, 10**30, "1" + "0" * 30, "1e30"]
)
def test_limit_that_is_not_positive_is_refused(any_portal: TestPortal, sent: object) -> None:
    filled(any_portal, leads([1]))

    assert refusal(any_portal.admin(GET, limit=sent)) == NOT_POSITIVE
    assert left_ids(any_portal) == [1]


@pytest.mark.parametrize("sent", [1, "1", True, "1abc", 1.5, " 1"])
def test_error_of_exactly_1_takes_failed_records(any_portal: TestPortal, sent: object) -> None:
    filled(any_portal, [*leads([1]), *leads([2], error=True)])

    assert ids(any_portal.admin(GET, error=sent, clear=0)) == [2]


@pytest.mark.parametrize("sent", [None, 0, 2, -1, "Y", "true", "", False, "11"])
def test_any_other_error_takes_good_records(any_portal: TestPortal, sent: object) -> None:
    filled(any_portal, [*leads([1]), *leads([2], error=True)])

    assert ids(any_portal.admin(GET, error=sent, clear=0)) == [1]


def test_names_are_folded_to_lower_case(any_portal: TestPortal) -> None:
    filled(any_portal, leads([1, 2, 3]))

    answer = any_portal.admin(
        GET, LIMIT=1, Filter={">id": 1}, ORDER={"id": "desc"}, CLEAR=0, Process_Id=None
    )

    assert ids(answer) == [3]
    assert left_ids(any_portal) == [1, 2, 3]


def test_start_is_ignored_and_there_is_no_paging(any_portal: TestPortal) -> None:
    filled(any_portal, leads(range(1, 61)))

    answer = any_portal.admin(GET, start=10, clear=0)

    assert ids(answer)[0] == 1
    assert list(answer.body) == ["result", "time"]


def test_unknown_parameters_are_ignored(any_portal: TestPortal) -> None:
    assert any_portal.admin(GET, colour="blue", select=["ID"]).result["events"] == []


# Protocol D.2: clear.


@pytest.mark.parametrize("sent", [None, 1, "1", True, 2, -1, "5x", "-1", [0], 1.5])
def test_take_with_clear_deletes(any_portal: TestPortal, sent: object) -> None:
    filled(any_portal, leads([1]))

    assert any_portal.admin(GET, clear=sent).result["process_id"] is None
    assert left(any_portal) == []


def test_take_clears_by_default(any_portal: TestPortal) -> None:
    filled(any_portal, leads([1]))

    assert ids(any_portal.admin(GET)) == [1]
    assert left(any_portal) == []


@pytest.mark.parametrize("sent", [0, "0", False, "", "N", "Y", "true", "no", [], {}, 0.5])
def test_take_without_clear_reserves(any_portal: TestPortal, sent: object) -> None:
    filled(any_portal, leads([1]))

    process = any_portal.admin(GET, clear=sent).result["process_id"]

    assert left(any_portal) == [(1, process, "0")]


# Protocol D.3: process_id.


def test_without_process_id_a_new_one_is_made(any_portal: TestPortal) -> None:
    made = [any_portal.admin(GET, clear=0, process_id=None).result["process_id"] for _ in range(2)]

    assert all(re.fullmatch("[a-z0-9]{32}", name) for name in made)
    assert made[0] != made[1]


def test_process_id_rereads_and_reserves_nothing(any_portal: TestPortal) -> None:
    filled(any_portal, [*leads([1], process_id=P1), *leads([2])])

    answer = any_portal.admin(GET, process_id=P1, clear=0)

    assert ids(answer) == [1]
    assert left(any_portal) == [(1, P1, "0"), (2, "", "0")]


@pytest.mark.parametrize("sent", ["", "   ", "\t\n\0"])
def test_empty_process_id_reads_free_rows_without_reserving(
    any_portal: TestPortal, sent: str
) -> None:
    filled(any_portal, [*leads([1], process_id=P1), *leads([2]), *leads([3], error=True)])

    answer = any_portal.admin(GET, process_id=sent, clear=0)

    assert ids(answer) == [2]
    assert answer.result["process_id"] == ""
    assert left(any_portal) == [(1, P1, "0"), (2, "", "0"), (3, "", "1")]


def test_empty_process_id_with_clear_deletes_every_free_row(any_portal: TestPortal) -> None:
    filled(any_portal, [*leads([1], process_id=P1), *leads([2, 3]), *leads([4], error=True)])

    assert ids(any_portal.admin.form(GET, "process_id=&limit=1")) == [2]
    assert left_ids(any_portal) == [1]


def test_empty_process_id_that_shows_nothing_deletes_nothing(any_portal: TestPortal) -> None:
    filled(any_portal, leads([1], error=True))

    assert ids(any_portal.admin(GET, process_id="")) == []
    assert left_ids(any_portal) == [1]


@pytest.mark.parametrize(
    ("sent", "echoed"),
    [("nobody", "nobody"), (" nobody ", "nobody"), (7, "7"), (1.5, "1.5"), (True, "1")],
)
def test_unknown_process_id_is_echoed_as_text_without_error(
    any_portal: TestPortal, sent: object, echoed: str
) -> None:
    filled(any_portal, leads([1]))

    for clear in (0, 1):
        answer = any_portal.admin(GET, process_id=sent, clear=clear)
        assert answer.result == {"process_id": echoed, "events": []}
    assert left_ids(any_portal) == [1]


def test_an_array_as_process_id_breaks_the_call(any_portal: TestPortal) -> None:
    filled(any_portal, leads([1]))

    status, code, _ = any_portal.admin(GET, process_id=["x"]).error

    assert (status, code) == (500, "INTERNAL_SERVER_ERROR")
    assert left_ids(any_portal) == [1]


# Protocol D.4: the answer.


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        pytest.param({}, None, id="deleted: null"),
        pytest.param({"process_id": P1}, P1, id="batch deleted: the given one"),
        pytest.param({"process_id": P1, "clear": 0}, P1, id="batch kept: the given one"),
    ],
)
def test_process_id_of_the_answer(
    any_portal: TestPortal, sent: dict[str, Any], expected: str | None
) -> None:
    filled(any_portal, [*leads([1]), *leads([2], process_id=P1)])

    assert any_portal.admin(GET, **sent).result["process_id"] == expected


def test_keeping_nothing_still_gives_a_process_id(any_portal: TestPortal) -> None:
    result = any_portal.admin(GET, clear=0).result

    assert re.fullmatch("[a-z0-9]{32}", result["process_id"])
    assert result["events"] == []


def test_event_has_these_keys_in_this_order(any_portal: TestPortal) -> None:
    rows = leads([5], additional={"user_id": "1"})
    result = filled(any_portal, rows).admin(GET, clear=0).result

    assert list(result) == ["process_id", "events"]
    assert list(result["events"][0].items()) == [
        ("ID", "5"),
        ("TIMESTAMP_X", "2026-01-02T10:00:05+00:00"),
        ("EVENT_NAME", "ONCRMLEADADD"),
        ("EVENT_DATA", {"FIELDS": {"ID": 5}}),
        ("EVENT_ADDITIONAL", {"user_id": "1"}),
        ("MESSAGE_ID", message(5)),
    ]


@pytest.mark.parametrize(
    "value", [False, None, "text", 7, 1.5, [], [1, {"a": "ü/<"}], {"FIELDS": {"ID": "5"}}]
)
def test_event_data_comes_back_as_it_was_stored(any_portal: TestPortal, value: object) -> None:
    filled(any_portal, [{"event": "ONCRMLEADADD", "data": value, "additional": value}])

    event = any_portal.admin(GET).result["events"][0]

    assert json.dumps([event["EVENT_DATA"], event["EVENT_ADDITIONAL"]]) == json.dumps([value] * 2)


def test_timestamp_is_shown_in_the_portals_zone(any_portal: TestPortal) -> None:
    portal = portal_like(any_portal, portal={"timezone": "Europe/Berlin"})
    filled(portal, leads([1]))

    assert portal.admin(GET).result["events"][0]["TIMESTAMP_X"] == "2026-01-02T11:00:01+01:00"


# Protocol D.7: connectors.


def test_connector_is_compared_exactly(any_portal: TestPortal) -> None:
    rows = [*leads([1]), *leads([2], auth_connector="Sync"), *leads([3], auth_connector="sync")]
    filled(any_portal, rows)

    assert ids(any_portal.admin(GET, auth_connector="Sync", clear=0)) == [2]
    assert ids(any_portal.admin(GET, auth_connector="Sync ", clear=0)) == []
    assert ids(any_portal.admin(GET, AUTH_CONNECTOR="Sync", clear=0)) == [1]
    assert left_ids(any_portal, auth_connector="sync") == [3]


# Protocol D.7.3: records in error.


def test_batch_of_failed_records_needs_error_1_on_every_read(any_portal: TestPortal) -> None:
    filled(any_portal, leads([1], error=True))

    process = any_portal.admin(GET, error=1, clear=0).result["process_id"]

    assert left(any_portal) == [(1, process, "1")]
    assert ids(any_portal.admin(GET, process_id=process)) == []
    assert ids(any_portal.admin(GET, process_id=process, error=1, clear=0)) == [1]
    assert ids(any_portal.admin(GET, process_id=process, error=1)) == [1]
    assert left(any_portal) == []


# Protocol D.11: retention.


def test_records_are_kept_for_2952000_seconds_reserved_or_not(any_portal: TestPortal) -> None:
    filled(any_portal, [*leads([1]), *leads([2], process_id=P1), *leads([3], error=True)])

    move_clock(any_portal, 2_952_000 - 60)
    assert left_ids(any_portal) == [1, 2, 3]

    move_clock(any_portal, 60)
    assert left(any_portal) == []
    assert ids(any_portal.admin(GET)) == []
    assert ids(any_portal.admin(GET, process_id=P1, clear=0)) == []


def test_a_reservation_outlives_everything_but_the_retention(any_portal: TestPortal) -> None:
    filled(any_portal, leads([1], process_id=P1))

    move_clock(any_portal, 2_952_000 - 60)

    assert ids(any_portal.admin(GET)) == []
    assert left(any_portal) == [(1, P1, "0")]


# Protocol D.12: the worked examples, as one story.


def test_worked_examples(any_portal: TestPortal) -> None:
    filled(any_portal, leads(range(1, 61)))

    def take(**parameters: Any) -> tuple[str, list[int]]:
        answer = any_portal.admin(GET, **parameters)
        return answer.result["process_id"], ids(answer)

    first, shown = take(clear=0)
    assert shown == list(range(1, 51))
    assert [process for _, process, _ in left(any_portal)].count(first) == 50
    second, shown = take(clear=0)
    assert shown == list(range(51, 61))
    third, shown = take(clear=0)
    assert shown == []
    assert len({first, second, third}) == 3
    for _ in range(2):
        assert take(process_id=first, clear=0, limit=10) == (first, list(range(1, 11)))
    assert take(process_id=first) == (first, list(range(1, 51)))
    assert left_ids(any_portal) == list(range(51, 61))


def test_take_of_60_records_leaves_10(any_portal: TestPortal) -> None:
    filled(any_portal, leads(range(1, 61)))

    answer = any_portal.admin(GET)

    assert answer.result["process_id"] is None
    assert ids(answer) == list(range(1, 51))
    assert left_ids(any_portal) == list(range(51, 61))


def test_reread_without_clear_0_deletes_the_whole_batch(any_portal: TestPortal) -> None:
    filled(any_portal, [*leads(range(1, 51), process_id=P1), *leads(range(51, 61), process_id=P2)])

    assert len(ids(any_portal.admin(GET, process_id=P1, limit=7))) == 7
    assert left_ids(any_portal) == list(range(51, 61))
