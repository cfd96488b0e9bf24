"""Input that nobody should send: a clear answer, the queue as it was, and the next call answers."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.rest.methods.offline import CLEAR, ERROR, GET, LIST, P1, filled, ids, leads, message
from tests.support import TestPortal

SQL = "1' OR '1'='1'; DROP TABLE queue; --"
LONG = "x" * 3_000_000

TAKES_NOTHING: list[Any] = [
    pytest.param(GET, {"filter": {"=EVENT_NAME": SQL}}, id="SQL in a value"),
    pytest.param(GET, {"filter": {"EVENT_NAME": SQL + "%"}}, id="SQL in a pattern"),
    pytest.param(GET, {"process_id": SQL}, id="SQL in a process id"),
    pytest.param(CLEAR, {"process_id": SQL, "message_id": [SQL[:32]]}, id="SQL in clear"),
    pytest.param(ERROR, {"process_id": SQL, "message_id": [SQL]}, id="SQL in error"),
    pytest.param(LIST, {"filter": {"=PROCESS_ID": SQL}}, id="SQL in the list"),
    pytest.param(GET, {"filter": {"=MESSAGE_ID": LONG}}, id="3 MB in a filter"),
    pytest.param(GET, {"filter": {"MESSAGE_ID": LONG}}, id="3 MB in a pattern"),
    pytest.param(GET, {"filter": {"=ID": "9" * len(LONG)}}, id="3 MB of digits"),
    pytest.param(GET, {"process_id": LONG}, id="3 MB in a process id"),
    pytest.param(ERROR, {"process_id": "x", "message_id": [LONG]}, id="3 MB in error"),
    pytest.param(GET, {"process_id": "a\0b"}, id="NUL in a process id"),
    pytest.param(GET, {"auth_connector": "a\0b"}, id="NUL in a connector"),
    pytest.param(CLEAR, {"process_id": "a\0b"}, id="NUL in clear"),
    pytest.param(
        CLEAR, {"process_id": P1, "message_id": ["a\0" * 15 + "ab"]}, id="NUL in message_id"
    ),
    pytest.param(ERROR, {"process_id": P1, "message_id": ["\0"]}, id="NUL in error"),
    pytest.param(GET, {"filter": {">=ID": 10**300}}, id="a number without end"),
    pytest.param(GET, {"filter": {"=ID": "1e999999999"}}, id="a large exponent"),
    pytest.param(CLEAR, {"process_id": P1, "id": [2**63 - 1]}, id="the largest id"),
    pytest.param(CLEAR, {"process_id": P1, "id": [5] * 100_000}, id="100,000 ids"),
    pytest.param(
        CLEAR, {"process_id": P1, "message_id": [message(5)] * 100_000}, id="100,000 message ids"
    ),
    pytest.param(ERROR, {"process_id": P1, "message_id": ["x"] * 100_000}, id="100,000 errors"),
    pytest.param(LIST, {"filter": {"=ID": list(range(100, 100_100))}}, id="IN with 100,000"),
    pytest.param(
        LIST, {"filter": {"%EVENT_NAME": [f"x{n}" for n in range(10_000)]}}, id="10,000 patterns"
    ),
]
REFUSED: list[Any] = [
    pytest.param(GET, {"limit": 10**30}, 400, id="limit of 10^30"),
    pytest.param(GET, {"filter": {SQL: 1}}, 400, id="SQL in a key"),
    pytest.param(GET, {"filter": {f"=F{n}": n for n in range(10_000)}}, 400, id="10,000 keys"),
    pytest.param(GET, {"filter": {LONG: 1}}, 400, id="3 MB in a key"),
    pytest.param(GET, {"filter": LONG}, 400, id="3 MB as the filter"),
    pytest.param(GET, {"filter": {">TIMESTAMP_X": LONG}}, 400, id="3 MB as a date"),
    pytest.param(GET, {"filter": {">TIMESTAMP_X": "99999-01-01"}}, 400, id="year 99999"),
    pytest.param(GET, {"order": [SQL]}, 400, id="SQL in an order"),
    pytest.param(GET, {"order": {"ID": SQL}}, 400, id="SQL in a direction"),
    pytest.param(GET, {"order": {f"F{n}": "ASC" for n in range(10_000)}}, 400, id="10,000 orders"),
    pytest.param(CLEAR, {"process_id": P1, "id": list(range(-1, 99_999))}, 400, id="bad ids"),
    pytest.param(GET, {"auth_connector": "x" * 101}, 400, id="a connector of 101 characters"),
    pytest.param(LIST, {"filter": {"=ID": [[[[1]]]]}}, 500, id="arrays in arrays"),
]


@pytest.fixture
def stocked(any_portal: TestPortal) -> TestPortal:
    """1 free, 2 reserved, 3 in error, 4 under a connector."""
    rows = [*leads([1]), *leads([2], process_id=P1), *leads([3], error=True)]
    return filled(any_portal, [*rows, *leads([4], auth_connector="sync")])


def assert_untouched(portal: TestPortal) -> None:
    assert ids(portal.admin(LIST)) == [1, 2, 3]
    assert ids(portal.admin(LIST, auth_connector="sync")) == [4]
    assert ids(portal.admin(GET)) == [1]


@pytest.mark.parametrize(("method", "given"), TAKES_NOTHING)
def test_awkward_value_matches_nothing(
    stocked: TestPortal, method: str, given: dict[str, Any]
) -> None:
    result = stocked.admin(method, **given).result

    if method == GET:
        assert result["events"] == []
    else:
        assert result in (True, [])
    assert_untouched(stocked)


@pytest.mark.parametrize(("method", "given", "status"), REFUSED)
def test_awkward_value_is_refused_clearly(
    stocked: TestPortal, method: str, given: dict[str, Any], status: int
) -> None:
    refused = stocked.admin(method, **given)

    assert refused.error[0] == status
    assert "Traceback" not in refused.response.text
    assert_untouched(stocked)


@pytest.mark.parametrize("half", [b'"\\ud800"', b'"\xed\xa0\x80"', b'"\xff"'], ids=repr)
def test_broken_text_in_json_is_malformed_json(stocked: TestPortal, half: bytes) -> None:
    """So its parameters are empty, without a word (protocol A.4)."""
    body = b'{"filter":{"=MESSAGE_ID":' + half + b"}}"
    headers = {"Content-Type": "application/json"}

    call = f"{LIST}?auth={stocked.admin.token}"
    answer = stocked.admin.send("POST", call, content=body, headers=headers)

    assert ids(answer) == [1, 2, 3]
    assert_untouched(stocked)


@pytest.mark.parametrize("half", ["%ED%A0%80", "%FF", "%00", "%C3"])
def test_broken_text_in_a_form_matches_nothing(stocked: TestPortal, half: str) -> None:
    for name in ("%3DMESSAGE_ID", "EVENT_NAME", "%3EMESSAGE_ID"):
        answer = stocked.admin.form(GET, f"filter[{name}]=zz{half}z&clear=0")
        assert ids(answer) == []
    assert_untouched(stocked)


def test_form_with_10_000_keys_of_one_filter(stocked: TestPortal) -> None:
    fields = "&".join(f"filter[{quote('=ID')}][{n}]={n + 100}" for n in range(9_000))

    assert ids(stocked.admin.form(LIST, fields)) == []
    assert_untouched(stocked)
