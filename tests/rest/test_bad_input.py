"""Whatever comes in: a clear answer, the next call answered, the queue as it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mock_bitrix.php import json as php
from tests.rest.support import Echo, Wire
from tests.support import Answer, Json, TestPortal, lead_added

MEGABYTE = 1024 * 1024
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
NO_AUTH = (401, "NO_AUTH_FOUND", "Wrong authorization data")
TOO_DEEP = (400, "ERROR_ARGUMENT", "Parameters are nested too deep")
TOO_LARGE = (413, "REQUEST_ENTITY_TOO_LARGE", f"Request body is larger than {16 * MEGABYTE} bytes")


@pytest.fixture
def stocked(any_portal: TestPortal) -> Iterator[TestPortal]:
    """A portal with a queue that is the same afterwards, and that answers."""
    any_portal.rows(map(lead_added, range(3)))
    before = any_portal.queue()
    assert len(before) == 3
    yield any_portal
    assert any_portal.queue() == before


def is_clear(answer: Answer) -> bool:
    """Whether a refusal says what was wrong, and nothing of our insides."""
    text = answer.response.text
    return (
        answer.status >= 400
        and list(answer.body)[:2] == ["error", "error_description"]
        and "Traceback" not in text
        and 'File "' not in text
    )


def deep(levels: int) -> bytes:
    """Lists in lists."""
    return b"[" * levels + b"]" * levels


# Bodies


@pytest.mark.parametrize("body", ["{", '{"auth":"', "{'auth':1}", "[1,", "NaN", "{}{}", "\\", "["])
def test_malformed_json_is_refused_for_want_of_a_token(stocked: TestPortal, body: str) -> None:
    answer = stocked.admin.send("POST", "event.offline.get", content=body, headers=JSON)

    assert answer.error == NO_AUTH


def chunks(size: int) -> Iterator[bytes]:
    """A body whose length nobody tells beforehand."""
    for _ in range(size // MEGABYTE):
        yield b"x" * MEGABYTE


@pytest.mark.parametrize("kind", [JSON, FORM, {"Content-Type": "multipart/form-data; boundary=x"}])
def test_a_body_of_50_megabytes_is_too_large(portal: TestPortal, kind: dict[str, str]) -> None:
    portal.rows([lead_added(1)])
    call = f"event.offline.get?auth={portal.admin.token}"

    told = portal.admin.send("POST", call, content=b"x" * 50 * MEGABYTE, headers=kind)
    assert told.error == TOO_LARGE
    streamed = portal.admin.send("POST", call, content=chunks(50 * MEGABYTE), headers=kind)
    assert streamed.error == TOO_LARGE
    assert len(portal.queue()) == 1


def test_a_length_that_is_a_lie_does_no_harm(stocked: TestPortal) -> None:
    for length in (b"99999999999999999999999", b"-1", b"abc"):
        wire = Wire.to(stocked.server.url)
        wire.send(b"POST /rest/profile HTTP/1.1\r\nHost: x\r\nContent-Length: %b\r\n\r\n" % length)
        head, _ = wire.read()
        assert b" 4" in head.partition(b"\r\n")[0]
        wire.close()


def test_a_body_of_very_many_values_is_answered(portal: TestPortal) -> None:
    body = b'{"auth":"%s","x":[' % str(portal.admin.token).encode() + b"[]," * 300_000 + b"0]}"

    answer = portal.admin.send("POST", "profile", content=body, headers=JSON)

    assert answer.result["ID"] == "1"


# Filters


def test_ten_thousand_filter_keys_are_refused(stocked: TestPortal) -> None:
    keys = [f"FIELD{number}" for number in range(10_000)]
    fields = "&".join(f"filter[{key}]=1" for key in keys)

    by_json = stocked.admin("event.offline.get", filter=dict.fromkeys(keys, 1))
    token_first = stocked.admin.send(
        "POST",
        "event.offline.get",
        content=f"auth={stocked.admin.token}&{fields}".encode(),
        headers=FORM,
    )
    token_last = stocked.admin.form("event.offline.get", fields)

    assert by_json.error == (400, "ERROR_ARGUMENT", "Filter field not allowed: FIELD0")
    assert token_first.error == by_json.error
    assert token_last.error == NO_AUTH  # PHP reads so many fields and no more


def test_ten_thousand_spellings_of_a_key_are_one(stocked: TestPortal) -> None:
    names = {
        "".join(c.upper() if n >> i & 1 else c for i, c in enumerate("event_name"))
        for n in range(1024)
    }

    answer = stocked.admin("event.offline.list", filter=dict.fromkeys(names, "ONCRMDEALADD"))

    assert answer.result == []


@pytest.mark.parametrize(
    "value",
    [
        "' OR 1=1 --",
        "'; DROP TABLE queue; --",
        '" OR ""="',
        "1) OR (1=1",
        "%' OR '%'='",
        ":c0",
        "?",
    ],
)
@pytest.mark.parametrize("key", ["=MESSAGE_ID", "MESSAGE_ID", "=EVENT_NAME"])
def test_sql_in_a_filter_is_a_text_like_any_other(
    stocked: TestPortal, key: str, value: str
) -> None:
    assert stocked.admin("event.offline.get", filter={key: value}).result["events"] == []


@pytest.mark.parametrize("name", ["ID' OR '1'='1", "ID) OR (1", "ID;--", 'ID"', "=ID--"])
def test_sql_in_the_name_of_a_field_is_no_field(stocked: TestPortal, name: str) -> None:
    for given in ({"filter": {name: 1}}, {"order": {name: "ASC"}}, {"order": [name]}):
        assert is_clear(stocked.admin("event.offline.get", **given))
    assert is_clear(stocked.admin("event.offline.get", order={"ID": "ASC; DROP TABLE queue"}))


@pytest.mark.parametrize("limit", [10**30, str(10**30), 1e30, -(10**30), 2**63, "1e400"])
def test_a_limit_beyond_all_numbers_is_refused(stocked: TestPortal, limit: Json) -> None:
    answer = stocked.admin("event.offline.get", limit=limit, auth_connector="elsewhere")

    assert answer.error == (400, "ERROR_ARGUMENT", "Value must be positive integer")


# Nesting


@pytest.mark.parametrize("levels", [512, 1000, 1100, 100_000])
def test_json_that_is_nested_too_deep_is_refused(stocked: TestPortal, levels: int) -> None:
    token = str(stocked.admin.token).encode()
    body = b'{"auth":"%s","filter":%s}' % (token, deep(levels))
    header = {"Authorization": f"Bearer {stocked.admin.token}", **JSON}

    for headers in (JSON, header):
        answer = stocked.admin.send("POST", "event.offline.get", content=body, headers=headers)
        assert answer.error == TOO_DEEP


def test_json_that_is_just_not_too_deep_is_read(portal: TestPortal) -> None:
    body = b'{"auth":"%s","x":%s}' % (str(portal.admin.token).encode(), deep(php.DEEPEST - 1))

    shown = Echo(portal)(content=body, headers=JSON)

    assert str(shown).count("[") == php.DEEPEST - 1


@pytest.mark.parametrize("levels", [65, 1000])
@pytest.mark.parametrize("bracket", ["[a]", "[]", "%5Ba%5D", "%5ba%5d"])
def test_brackets_that_are_nested_too_deep_are_refused(
    stocked: TestPortal, bracket: str, levels: int
) -> None:
    field = f"filter{bracket * levels}=1"
    token = stocked.admin.token

    assert stocked.admin.form("event.offline.get", field).error == TOO_DEEP
    assert stocked.admin.send("GET", f"event.offline.get?auth={token}&{field}").error == TOO_DEEP
    errors = stocked.admin("batch", cmd=[f"event.offline.get?{field}"]).result["result_error"]
    assert errors == [{"error": TOO_DEEP[1], "error_description": TOO_DEEP[2]}]


def test_a_multipart_name_that_is_nested_too_deep_is_refused(stocked: TestPortal) -> None:
    form = {"auth": (None, stocked.admin.token), f"filter{'[a]' * 1000}": (None, "1")}

    assert stocked.admin.send("POST", "event.offline.get", files=form).error == TOO_DEEP


# Bytes


@pytest.mark.parametrize("junk", ["%00", "a%00b", "%FF", "%C3%28", "%ED%A0%80", "%F0%9F"])
def test_nul_and_broken_utf_8_in_a_query_find_nothing(stocked: TestPortal, junk: str) -> None:
    token = stocked.admin.token
    calls = [
        f"event.offline.get?auth={token}&filter[%3DMESSAGE_ID]={junk}",
        f"event.offline.get?auth={token}&process_id={junk}x",
        f"event.offline.get?auth={token}&auth_connector={junk}x",
        f"event.offline.error?auth={token}&process_id={junk}x&message_id[]={junk}",
        f"event.offline.get?auth={junk}{token}",
        f"event.offline.get?auth={token}&filter[{junk}ID]=1",
        f"{junk}?auth={token}",
        f"1/{junk}/event.offline.get?auth={token}",
    ]
    for call in calls:
        answer = stocked.admin.send("GET", call)
        assert is_clear(answer) or answer.result is True or answer.result["events"] == []


@pytest.mark.parametrize("field", ["filter[%00ID]=1", "fil%00ter[ID]=1", "filter[a%00b][c]=1"])
def test_a_nul_in_the_name_of_a_parameter_is_refused(stocked: TestPortal, field: str) -> None:
    """PHP cuts the name there: the filter would be gone."""
    refusal = (400, "ERROR_ARGUMENT", "The name of a parameter can't hold a NUL")

    assert stocked.admin.form("event.offline.get", field).error == refusal
    call = f"event.offline.get?{field}&auth={stocked.admin.token}"
    assert stocked.admin.send("GET", call).error == refusal


@pytest.mark.parametrize(
    "body",
    [b'{"auth":"\xff"}', b'{"auth":"%s","a":"\xc3("}', b"\x00", b'\xef\xbb\xbf{"auth":"%s"}'],
)
def test_broken_utf_8_in_json_is_malformed_json(stocked: TestPortal, body: bytes) -> None:
    content = body.replace(b"%s", str(stocked.admin.token).encode())

    answer = stocked.admin.send("POST", "event.offline.get", content=content, headers=JSON)

    assert answer.error == NO_AUTH


def test_half_a_surrogate_in_json_is_malformed_json(stocked: TestPortal) -> None:
    content = f'{{"auth":"{stocked.admin.token}","x":"\\ud800"}}'

    answer = stocked.admin.send("POST", "event.offline.get", content=content, headers=JSON)

    assert answer.error == NO_AUTH


def test_nul_in_json_is_a_character_like_any_other(stocked: TestPortal) -> None:
    for given in ({"process_id": "a\0b"}, {"filter": {"=MESSAGE_ID": "\0"}}):
        assert stocked.admin("event.offline.get", **given).result["events"] == []
    assert is_clear(stocked.admin("event.offline.get", filter={"\0ID": 1}))


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET /rest/pro\xc3\xa4file HTTP/1.1",
        b"GET /rest/profile\x00 HTTP/1.1",
        b"GET  HTTP/1.1",
        b"\x16\x03\x01\x02\x00\x01\x00",  # somebody speaks TLS
        b"GET /rest/profile HTTP/9.9",
    ],
)
def test_what_is_no_http_is_refused(stocked: TestPortal, request_line: bytes) -> None:
    wire = Wire.to(stocked.server.url)
    wire.send(request_line + b"\r\nHost: x\r\n\r\n")

    head, body = wire.read()

    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"Traceback" not in body
    wire.close()


# Sizes


def test_a_header_of_200_kilobytes_is_too_large(stocked: TestPortal) -> None:
    headers = {"X-Large": "x" * 200_000, "Authorization": f"Bearer {stocked.admin.token}"}

    answer = stocked.admin.send("POST", "event.offline.get", headers=headers)

    text = "Request headers are larger than 65536 bytes"
    assert answer.error == (431, "REQUEST_HEADER_FIELDS_TOO_LARGE", text)


def test_many_small_headers_are_too_large_together(stocked: TestPortal) -> None:
    headers = {f"X-{number}": "x" * 100 for number in range(2000)}

    assert stocked.admin.send("POST", "profile", headers=headers).status == 431


def test_an_address_of_100_kilobytes_is_refused(stocked: TestPortal) -> None:
    token, long = stocked.admin.token, "x" * 100_000

    for address in (f"event.offline.get?auth={token}&x={long}", f"{long}?auth={token}"):
        wire = Wire.to(stocked.server.url)
        wire.send(f"GET /rest/{address} HTTP/1.1\r\nHost: x\r\n\r\n")
        assert wire.read()[0].startswith(b"HTTP/1.1 4")
        wire.close()


def test_a_connector_of_more_than_100_characters_is_refused(stocked: TestPortal) -> None:
    text = "Value must not be longer than 100 characters"

    for method in ("event.offline.get", "event.bind", "profile", "batch"):
        answer = stocked.admin(method, auth_connector="x" * 101)
        assert answer.error == (400, "ERROR_ARGUMENT", text)
        assert answer.body["argument"] == "auth_connector"


# Arrays where a scalar belongs, scalars where an array belongs

PARAMETERS = {
    "event.offline.get": ["filter", "order", "limit", "clear", "process_id", "error", "start"],
    "event.offline.list": ["filter", "order", "start"],
    "event.offline.clear": ["process_id", "id", "message_id"],
    "event.offline.error": ["process_id", "message_id"],
    "event.bind": ["event", "handler", "event_type", "auth_type", "options"],
    "event.unbind": ["event", "handler", "event_type", "auth_type"],
    "events": ["scope", "full"],
    "feature.get": ["code"],
    "methods": ["scope", "full"],
    "method.get": ["name"],
    "scope": ["full"],
    "batch": ["cmd", "halt"],
    "app.option.get": ["option"],
    "app.option.set": ["options"],
    "user.option.get": ["option"],
    "user.option.set": ["options"],
    "profile": ["auth", "access_token", "auth_connector", "state", "token", "aplogin", "ap"],
}
EACH = [(method, name) for method, names in PARAMETERS.items() for name in names]
ODD: list[Any] = [[], ["x"], {"a": {"b": []}}, [[[]]], "x", "", 0, -1, 1.5, True, False, 10**30]


@pytest.mark.parametrize(("method", "name"), EACH)
def test_a_value_of_another_type_is_answered(portal: TestPortal, method: str, name: str) -> None:
    portal.rows([lead_added(1)])
    usual: Json = {
        "event": "ONCRMLEADADD",
        "handler": "http://127.0.0.1:9/",
        "process_id": "x",
        "message_id": [],
        "auth_connector": "elsewhere",
    }
    for value in ODD:
        given = {**usual, "auth": portal.admin.token, name: value}
        answer = portal.admin.send("POST", method, json=given)
        assert is_clear(answer) or answer.body["result"] is not None
    assert len(portal.queue()) == 1


TEXTS = [
    ("event.offline.get", "process_id"),
    ("event.offline.clear", "process_id"),
    ("event.offline.error", "process_id"),
    ("event.bind", "event"),
    ("event.bind", "event_type"),
    ("event.bind", "handler"),
    ("feature.get", "code"),
    ("events", "scope"),
    ("methods", "scope"),
    ("method.get", "name"),
    ("app.option.get", "option"),
]


@pytest.mark.parametrize(("method", "name"), TEXTS)
def test_an_array_where_a_text_belongs_is_answered(
    stocked: TestPortal, method: str, name: str
) -> None:
    usual = {"event": "ONCRMLEADADD", "message_id": []}

    answer = stocked.admin(method, **{**usual, name: ["x"]})

    assert answer.error == (500, "INTERNAL_SERVER_ERROR", "Internal server error")


def test_after_everything_the_server_is_well(portal: TestPortal, http: httpx.Client) -> None:
    health = http.get(f"{portal.server.url}/_mock/health").json()

    assert health["status"] == "ok"
