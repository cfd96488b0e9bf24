"""HTTP itself: verbs, headers, connections (protocol A.3, C.4)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import httpx
import pytest

from mock_bitrix.emulator import Emulator
from mock_bitrix.rest.endpoint import QUICK_BODY, Endpoint
from mock_bitrix.rest.reply import Reply
from mock_bitrix.rest.request import Request
from tests.rest.support import Wire
from tests.support import TestPortal, lead_added

CORS = {
    "access-control-allow-origin": "*",
    "access-control-allow-headers": "origin, content-type, accept",
    "x-content-type-options": "nosniff",
}


@pytest.fixture
def wire(portal: TestPortal) -> Iterator[Wire]:
    opened = Wire.to(portal.server.url)
    yield opened
    opened.close()


def profile(portal: TestPortal, version: str, *headers: str) -> str:
    """A request as it goes over the wire."""
    first = f"GET /rest/profile?auth={portal.admin.token} HTTP/{version}"
    return "\r\n".join([first, "Host: 127.0.0.1", *headers, "", ""])


def test_head_runs_the_method_and_answers_without_the_body(portal: TestPortal) -> None:
    portal.rows([lead_added(1)])
    address = f"{portal.admin.base}/event.offline.get"

    assert portal.http.head(address).status_code == 401
    answer = portal.http.head(address, params={"auth": portal.admin.token})

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers.items() >= CORS.items()
    assert portal.queue() == []


def test_options_is_answered_with_cors_headers_whatever_the_method(portal: TestPortal) -> None:
    portal.rows([lead_added(1)])
    asked = {"Origin": "https://example.com", "Access-Control-Request-Method": "POST"}

    for call in ("event.offline.get", "no.such.method", ""):
        answer = portal.admin.send(
            "OPTIONS", call, params={"auth": portal.admin.token}, headers=asked
        )
        assert (answer.status, answer.response.content) == (200, b"")
        assert answer.response.headers.items() >= CORS.items()
    assert len(portal.queue()) == 1


def test_cors_headers_are_on_every_answer_errors_too(portal: TestPortal) -> None:
    headers = {"Origin": "https://example.com"}

    for call in ("profile", "no.such.method", "event.offline.get?limit=0", "profile.xml"):
        for answer in (portal.admin.send("POST", call, headers=headers), portal.admin(call)):
            assert answer.response.headers.items() >= CORS.items()
            assert "access-control-allow-methods" not in answer.response.headers


def test_a_connection_serves_many_calls(portal: TestPortal, wire: Wire) -> None:
    for _ in range(3):
        wire.send(profile(portal, "1.1"))
        head, body = wire.read()
        assert head.startswith(b"HTTP/1.1 200 OK")
        assert b'"ID":"1"' in body


def test_a_connection_that_is_to_be_closed_is_closed(portal: TestPortal, wire: Wire) -> None:
    wire.send(profile(portal, "1.1", "Connection: close"))

    assert wire.read()[0].startswith(b"HTTP/1.1 200 OK")
    assert wire.at_end()


def test_http_1_0_is_answered_with_a_length_and_the_end(portal: TestPortal, wire: Wire) -> None:
    wire.send(profile(portal, "1.0"))

    head, body = wire.read()
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert b'"ID":"1"' in body
    assert wire.at_end()


def test_a_call_without_a_host_counts_to_the_portal_of_its_token(
    portal: TestPortal, wire: Wire
) -> None:
    wire.send(f"GET /rest/profile?auth={portal.admin.token} HTTP/1.0\r\n\r\n")

    assert b'"ID":"1"' in wire.read()[1]


def test_a_body_that_is_not_read_does_not_disturb_the_next_call(
    portal: TestPortal, wire: Wire
) -> None:
    wire.send(profile(portal, "1.1", "Content-Length: 200000") + "x" * 200_000)
    assert b'"ID":"1"' in wire.read()[1]

    wire.send(profile(portal, "1.1"))
    assert b'"ID":"1"' in wire.read()[1]


def test_a_body_may_come_in_chunks(portal: TestPortal, wire: Wire) -> None:
    body = f"auth={portal.admin.token}"
    chunks = f"4\r\n{body[:4]}\r\n{len(body) - 4:x}\r\n{body[4:]}\r\n0\r\n\r\n"
    wire.send(
        "POST /rest/profile HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{chunks}"
    )

    assert b'"ID":"1"' in wire.read()[1]


def test_a_caller_that_hangs_up_in_the_middle_leaves_the_server_well(
    portal: TestPortal, wire: Wire
) -> None:
    wire.send("POST /rest/profile HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nauth=")
    wire.close()

    assert portal.admin("profile").status == 200


def test_a_large_body_is_read_and_answered_as_a_small_one(portal: TestPortal) -> None:
    portal.rows([lead_added(1)])

    shown = portal.admin("event.offline.list", filter={"@ID": list(range(100_000))}, pad="x" * 9)

    assert shown.status == 200
    assert portal.admin("profile", pad="x" * 1_000_000).result["ID"] == "1"


def test_a_body_that_takes_long_to_read_keeps_no_other_call_waiting(portal: TestPortal) -> None:
    seen: dict[int, threading.Thread] = {}

    def answer(_: Emulator, request: Request) -> Reply:
        seen[len(request.body)] = threading.current_thread()
        return Reply(200, [], b"")

    async def call() -> None:
        transport = httpx.ASGITransport(Endpoint(portal.server.emulator, answer))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            for size in (QUICK_BODY, QUICK_BODY + 1):
                await client.post("/rest/profile", content=b"x" * size)

    asyncio.run(call())

    assert seen[QUICK_BODY] is threading.current_thread()
    assert seen[QUICK_BODY + 1] is not threading.current_thread()
