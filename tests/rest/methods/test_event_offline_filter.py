"""The filter of event.offline.get and list: what is refused, and what matches (protocol D.6).

Three readers use the classic engine: the list, a second read, and in profile docs a fresh take. In
profile cloud a fresh take marks its records with a stricter one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.rest.methods.offline import (
    GET,
    LIST,
    P1,
    filled,
    ids,
    leads,
    left_ids,
    message,
    portal_like,
    refusal,
    wrong,
)
from tests.support import Answer, TestPortal

Filter = dict[str, Any]
both_methods = pytest.mark.parametrize("method", [GET, LIST])


def stocked(portal: TestPortal, process_id: str = "") -> TestPortal:
    """Leads 1 and 2, deals 3 and 4, and 5 whose message id has special characters."""
    rows = leads([1, 2, 3, 4, 5], process_id=process_id)
    for row in rows[2:4]:
        row["event"] = "ONCRMDEALADD"
    rows[3]["message_id"] = "77"
    rows[4]["message_id"] = "Mixed_50%\\x"
    return filled(portal, rows)


# Protocol D.6.1: what is refused.


@both_methods
@pytest.mark.parametrize("given", ["ID", "", 5, 0, True, False, 1.5])
def test_filter_must_be_an_array(any_portal: TestPortal, method: str, given: object) -> None:
    assert refusal(any_portal.admin(method, filter=given)) == wrong("The filter is not an array.")


@both_methods
@pytest.mark.parametrize("given", [None, [], {}])
def test_no_filter_matches_everything(any_portal: TestPortal, method: str, given: object) -> None:
    assert ids(stocked(any_portal).admin(method, filter=given)) == [1, 2, 3, 4, 5]


@both_methods
@pytest.mark.parametrize(
    "operator",
    ["!", "!=", "!@", "!%", "?", "><", "<>", "*", "~", "=%", "%=", "==", "0", " ", "-", ">=<"],
)
def test_operator_outside_of_the_list_is_refused(
    any_portal: TestPortal, method: str, operator: str
) -> None:
    answer = any_portal.admin(method, filter={f"{operator}ID": 1})

    assert refusal(answer) == wrong(f"Filter operation not allowed: {operator}")


@both_methods
def test_list_style_filter_is_refused(any_portal: TestPortal, method: str) -> None:
    answer = any_portal.admin(method, filter=[{"ID": 1}])

    assert refusal(answer) == wrong("Filter operation not allowed: 0")


@both_methods
@pytest.mark.parametrize(
    ("key", "field"),
    [
        pytest.param("LOGIC", "LOGIC", id="LOGIC is a field"),
        pytest.param("", "", id="empty key"),
        pytest.param("=", "", id="operator alone"),
        pytest.param("name", "NAME", id="upper-cased"),
        pytest.param("APP_ID", "APP_ID", id="application"),
        pytest.param("=CONNECTOR_ID", "CONNECTOR_ID", id="connector"),
        pytest.param("ID ", "ID ", id="a space is part of it"),
    ],
)
def test_unknown_field_is_refused(
    any_portal: TestPortal, method: str, key: str, field: str
) -> None:
    answer = any_portal.admin(method, filter={key: 1})

    assert refusal(answer) == wrong(f"Filter field not allowed: {field}")


@pytest.mark.parametrize("field", ["PROCESS_ID", "ERROR"])
def test_take_has_no_filter_by_process_or_error(any_portal: TestPortal, field: str) -> None:
    answer = any_portal.admin(GET, filter={f"={field}": 1})

    assert refusal(answer) == wrong(f"Filter field not allowed: {field}")


@both_methods
def test_operator_is_checked_before_the_field(any_portal: TestPortal, method: str) -> None:
    answer = any_portal.admin(method, filter={"!NAME": 1})

    assert refusal(answer) == wrong("Filter operation not allowed: !")


@both_methods
def test_keys_that_differ_in_case_only_collapse_and_the_later_wins(
    any_portal: TestPortal, method: str
) -> None:
    answer = stocked(any_portal).admin(method, filter={"=ID": 1, "=Id": 2, ">ID": 0, ">id": 1})

    assert ids(answer) == [2]


def test_unencoded_equals_sign_splits_the_key_as_php_does(any_portal: TestPortal) -> None:
    stocked(any_portal)

    assert ids(any_portal.admin.form(LIST, "filter[%3E%3DID]=4")) == [4, 5]
    assert ids(any_portal.admin.form(LIST, "filter[>=ID]=4")) == [1, 2, 3, 4, 5]


# Protocol D.6.2 to D.6.4 and D.6.6: what a value matches, in every engine.

EVERYWHERE = [
    pytest.param({"=ID": 2}, [2], id="=ID"),
    pytest.param({"ID": "2"}, [2], id="bare id as text"),
    pytest.param({"=ID": "2abc"}, [2], id="=ID converts"),
    pytest.param({"=ID": "abc"}, [], id="=ID of no number is 0"),
    pytest.param({"=ID": True}, [1], id="=ID true is 1"),
    pytest.param({">ID": 3}, [4, 5], id=">ID"),
    pytest.param({"<ID": "3"}, [1, 2], id="<ID"),
    pytest.param({">=ID": 4}, [4, 5], id=">=ID"),
    pytest.param({">=ID": "4"}, [4, 5], id=">=ID as text"),
    pytest.param({"<=ID": 2}, [1, 2], id="<=ID"),
    pytest.param({">ID": 10**30}, [], id=">ID beyond 64 bits"),
    pytest.param({">ID": "1e30"}, [], id=">ID beyond 64 bits as text"),
    pytest.param({">ID": "-" + "9" * 30}, [1, 2, 3, 4, 5], id=">ID far below"),
    pytest.param({">ID": 1, "<ID": 4, "=EVENT_NAME": "ONCRMLEADADD"}, [2], id="conjunction"),
    pytest.param({"=EVENT_NAME": "ONCRMDEALADD"}, [3, 4], id="=EVENT_NAME"),
    pytest.param({"=event_name": "onCrmDealAdd"}, [3, 4], id="=EVENT_NAME in any case"),
    pytest.param({"EVENT_NAME": "oncrmdealadd"}, [3, 4], id="bare EVENT_NAME in any case"),
    pytest.param({">EVENT_NAME": "ONCRMDEALADD"}, [1, 2, 5], id=">EVENT_NAME as text"),
    pytest.param({"<=EVENT_NAME": "ONCRMDEALADD"}, [3, 4], id="<=EVENT_NAME as text"),
    pytest.param({"=MESSAGE_ID": message(2)}, [2], id="=MESSAGE_ID"),
    pytest.param({"MESSAGE_ID": message(2)}, [2], id="bare MESSAGE_ID"),
    pytest.param({"=MESSAGE_ID": "mixed_50%\\x"}, [], id="=MESSAGE_ID is exact"),
    pytest.param({"=MESSAGE_ID": 77}, [4], id="=MESSAGE_ID compares a number as text"),
    pytest.param({"=MESSAGE_ID": 1}, [], id="=MESSAGE_ID 1 is no error"),
    pytest.param({"MESSAGE_ID": 77}, [4], id="bare digits are equality"),
    pytest.param({"=MESSAGE_ID": "x" * 10_000}, [], id="longer than the column"),
    pytest.param({"=EVENT_NAME": "ONCRM%"}, [], id="= has no wildcards"),
    pytest.param({"=MESSAGE_ID": ""}, [], id="= nothing"),
    pytest.param({"=MESSAGE_ID": "7\0007"}, [], id="NUL inside"),
    pytest.param({"<MESSAGE_ID": "7\0007", ">ID": 3}, [], id="less than a text with NUL"),
    pytest.param({">=MESSAGE_ID": "76\0007", ">ID": 3}, [4, 5], id="more than a text with NUL"),
    pytest.param({"=TIMESTAMP_X": "2026-01-02T10:00:02+00:00"}, [2], id="=TIMESTAMP_X"),
    pytest.param({"TIMESTAMP_X": "2026-01-02 10:00:02"}, [2], id="bare time without offset"),
    pytest.param({">TIMESTAMP_X": "2026-01-02T11:00:03+01:00"}, [4, 5], id=">TIMESTAMP_X"),
    pytest.param({"<TIMESTAMP_X": "2026-01-02T10:00:02Z"}, [1], id="<TIMESTAMP_X"),
    pytest.param({">=TIMESTAMP_X": "2026-01-02"}, [1, 2, 3, 4, 5], id="a date alone"),
    pytest.param({"<=TIMESTAMP_X": "2026-01-02"}, [], id="a date is its midnight"),
    pytest.param({"<=TIMESTAMP_X": "now"}, [1, 2, 3, 4, 5], id="a word"),
    pytest.param({">=TIMESTAMP_X": "-1 hour"}, [], id="a step"),
    pytest.param({"=TIMESTAMP_X": None}, [], id="null time"),
]
CLASSIC = [
    pytest.param({"=ID": [1, "3", 99]}, [1, 3], id="= array is IN"),
    pytest.param({"ID": [1, 3]}, [1, 3], id="bare array is IN"),
    pytest.param({"@ID": [1, 3]}, [1, 3], id="@ array"),
    pytest.param({"@ID": 3}, [3], id="@ scalar is one element"),
    pytest.param({"@ID": {"a": 1, "b": 3}}, [1, 3], id="@ map"),
    pytest.param({"@ID": []}, [], id="@ nothing"),
    pytest.param({"@EVENT_NAME": ["oncrmdealadd"]}, [3, 4], id="@ event in any case"),
    pytest.param({"=MESSAGE_ID": [message(1), "77"]}, [1, 4], id="= array of texts"),
    pytest.param({"=MESSAGE_ID": ["7\0007"]}, [], id="@ NUL inside"),
    pytest.param({"%EVENT_NAME": "deal"}, [3, 4], id="% contains, in any case"),
    pytest.param({"%EVENT_NAME": ["deal", "xyz"]}, [3, 4], id="% any of"),
    pytest.param({"%MESSAGE_ID": "_50%"}, [5], id="% has no wildcards of its own"),
    pytest.param({"%MESSAGE_ID": "0_"}, [], id="% takes _ as it is"),
    pytest.param({"%MESSAGE_ID": "\\x"}, [5], id="% backslash"),
    pytest.param({"%MESSAGE_ID": "7\0007"}, [], id="% NUL inside"),
    pytest.param({"%EVENT_NAME": "x" * 100_000}, [], id="% longer than any column"),
    pytest.param({"%ID": 3}, [3], id="% on a number is its text"),
    pytest.param({">ID": [3, 99]}, [4, 5], id="> array is its first element"),
    pytest.param({">ID": {"1": 3}}, [], id="> array without an element 0 matches nothing"),
    pytest.param({"EVENT_NAME": "oncrm%"}, [1, 2, 3, 4, 5], id="bare % is a wildcard"),
    pytest.param({"EVENT_NAME": "ONCRM____ADD"}, [1, 2, 3, 4, 5], id="bare _ is a wildcard"),
    pytest.param({"EVENT_NAME": "%deal%"}, [3, 4], id="bare wildcards on both sides"),
    pytest.param({"MESSAGE_ID": "mixed\\_50\\%\\\\x"}, [5], id="bare value with escapes"),
    pytest.param({"MESSAGE_ID": "mixed%"}, [5], id="bare text in any case"),
    pytest.param({"MESSAGE_ID": "\\"}, [], id="bare backslash"),
    pytest.param({"MESSAGE_ID": "7\0007"}, [], id="bare NUL inside"),
    pytest.param({"EVENT_NAME": ""}, [], id="bare nothing"),
]


def by_list(portal: TestPortal, wanted: Filter) -> Answer:
    return stocked(portal).admin(LIST, filter=wanted)


def by_reread(portal: TestPortal, wanted: Filter) -> Answer:
    return stocked(portal, P1).admin(GET, filter=wanted, process_id=P1, clear=0)


def by_take(portal: TestPortal, wanted: Filter) -> Answer:
    return stocked(portal).admin(GET, filter=wanted, clear=0)


Reader = Callable[[TestPortal, Filter], Answer]
classic_readers = pytest.mark.parametrize("read", [by_list, by_reread])


@pytest.mark.parametrize("read", [by_list, by_reread, by_take])
@pytest.mark.parametrize(("wanted", "expected"), EVERYWHERE)
def test_filter_that_every_engine_knows(
    any_portal: TestPortal, read: Reader, wanted: Filter, expected: list[int]
) -> None:
    assert ids(read(any_portal, wanted)) == expected


@classic_readers
@pytest.mark.parametrize(("wanted", "expected"), CLASSIC)
def test_classic_filter_of_list_and_second_read(
    cloud_portal: TestPortal, read: Reader, wanted: Filter, expected: list[int]
) -> None:
    assert ids(read(cloud_portal, wanted)) == expected


@pytest.mark.parametrize(("wanted", "expected"), CLASSIC)
def test_docs_takes_by_the_classic_filter(
    portal: TestPortal, wanted: Filter, expected: list[int]
) -> None:
    answer = by_take(portal, wanted)

    assert ids(answer) == expected
    assert left_ids(portal, filter={"=PROCESS_ID": answer.result["process_id"]}) == expected


# Protocol D.6.2: the strict engine of a fresh take in the cloud.


@pytest.mark.parametrize("operator", ["", "=", ">", "<", ">=", "<=", "@", "%"])
@pytest.mark.parametrize("field", ["ID", "TIMESTAMP_X", "EVENT_NAME", "MESSAGE_ID"])
@pytest.mark.parametrize("value", [[1], {"a": 1}, []])
def test_cloud_refuses_arrays_on_a_fresh_take(
    cloud_portal: TestPortal, operator: str, field: str, value: object
) -> None:
    answer = cloud_portal.admin(GET, filter={f"{operator}{field.lower()}": value})

    name = f"{operator}{field}"
    expected = wrong(f"The value of an argument '{name}' has an invalid type", name)
    assert refusal(answer) == expected


@pytest.mark.parametrize("operator", ["@", "%"])
def test_cloud_refuses_in_and_like_on_a_fresh_take(cloud_portal: TestPortal, operator: str) -> None:
    stocked(cloud_portal)

    answer = cloud_portal.admin(GET, filter={f"{operator}EVENT_NAME": "ONCRMLEADADD"})

    assert refusal(answer) == wrong(f"Unknown operator `{operator}`", "")
    assert left_ids(cloud_portal) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param({"EVENT_NAME": "ONCRM%"}, id="bare with a wildcard"),
        pytest.param({"MESSAGE_ID": "mixed%"}, id="bare in another case"),
        pytest.param({"=ID": None}, id="= null"),
        pytest.param({">ID": None}, id="> null"),
    ],
)
def test_cloud_marks_nothing_where_the_strict_engine_finds_nothing(
    cloud_portal: TestPortal, wanted: Filter
) -> None:
    answer = by_take(cloud_portal, wanted)

    assert ids(answer) == []
    assert len(answer.result["process_id"]) == 32


def test_cloud_rereads_by_the_classic_filter(cloud_portal: TestPortal) -> None:
    assert ids(by_reread(cloud_portal, {"%EVENT_NAME": "deal", "@ID": [3]})) == [3]


# Protocol D.6.5: dates.


@pytest.mark.parametrize("read", [by_list, by_reread, by_take])
@pytest.mark.parametrize("text", ["soon", "2026-13-01", "2026-01-02T10", "1 potato", "x" * 500])
def test_what_is_no_date_is_refused(any_portal: TestPortal, read: Reader, text: str) -> None:
    status, code, description, argument = refusal(read(any_portal, {">TIMESTAMP_X": text}))

    assert (status, code, argument) == (400, "ERROR_ARGUMENT", None)
    assert description.startswith("Incorrect date/time: ")
    assert left_ids(any_portal) == [1, 2, 3, 4, 5]


@both_methods
def test_date_without_offset_is_in_the_portals_zone(any_portal: TestPortal, method: str) -> None:
    portal = stocked(portal_like(any_portal, portal={"timezone": "Asia/Tokyo"}))

    assert ids(portal.admin(method, filter={"=TIMESTAMP_X": "2026-01-02 19:00:02"})) == [2]


@classic_readers
def test_array_for_a_date_breaks_the_call(any_portal: TestPortal, read: Reader) -> None:
    status, code, _ = read(any_portal, {"@TIMESTAMP_X": ["2026-01-02"]}).error

    assert (status, code) == (500, "INTERNAL_SERVER_ERROR")


@classic_readers
@pytest.mark.parametrize("wanted", [{"=ID": [[1]]}, {"%EVENT_NAME": [["x"]]}, {">ID": [[1]]}])
def test_array_in_an_array_breaks_the_call(
    any_portal: TestPortal, read: Reader, wanted: Filter
) -> None:
    status, code, _ = read(any_portal, wanted).error

    assert (status, code) == (500, "INTERNAL_SERVER_ERROR")
