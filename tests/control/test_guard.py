"""Who may use the control API."""

from __future__ import annotations

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from mock_bitrix.control.guard import Guard
from mock_bitrix.testing import MockBitrix

KEY = "x-mock-bitrix-key"


async def _allowed(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def status(
    *, peer: str = "127.0.0.1", verb: str = "GET", key: str | None = None, **headers: str
) -> int:
    """What the guard of a server at http://box:8024 answers."""
    import asyncio

    given = {"host": "localhost:8024", **{k.replace("_", "-"): v for k, v in headers.items()}}
    scope = {
        "type": "http",
        "method": verb,
        "path": "/reset",
        "client": (peer, 5000),
        "headers": [(k.encode(), v.encode()) for k, v in given.items()],
    }
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    asyncio.run(Guard(_allowed, key, lambda: "http://box:8024")(scope, receive, send))
    return int(sent[0]["status"])


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_may(peer: str) -> None:
    assert status(peer=peer) == 200


@pytest.mark.parametrize("peer", ["10.0.0.7", "fe80::1", "::ffff:10.0.0.7", "testclient"])
def test_another_machine_may_not(peer: str) -> None:
    assert status(peer=peer) == 403


def test_another_machine_may_with_the_key() -> None:
    assert status(peer="10.0.0.7", key="secret", x_mock_bitrix_key="secret", host="mock:1") == 200
    assert status(peer="10.0.0.7", key="secret", x_mock_bitrix_key="other", host="mock:1") == 403
    assert status(peer="10.0.0.7", key=None, x_mock_bitrix_key="", host="mock:1") == 403


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8024", "[::1]:8024", "box:8024"])
def test_the_servers_own_names_may(host: str) -> None:
    assert status(host=host) == 200


@pytest.mark.parametrize("host", ["evil.test", "localhost.evil.test", "", "127.0.0.1.evil.test"])
def test_a_foreign_host_may_not(host: str) -> None:
    assert status(host=host) == 403


def test_a_page_of_the_server_may_and_a_foreign_one_may_not() -> None:
    assert status(origin="http://localhost:8024") == 200
    assert status(origin="http://localhost:9000") == 403
    assert status(origin="https://evil.test") == 403
    assert status(origin="null") == 403


def test_a_foreign_page_may_not_even_with_the_key() -> None:
    assert status(key="secret", x_mock_bitrix_key="secret", origin="https://evil.test") == 403


@pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE"])
def test_a_write_that_is_no_json_is_refused(verb: str) -> None:
    assert status(verb=verb, content_type="application/json; charset=utf-8") == 200
    assert status(verb=verb, content_length="0") == 200
    assert status(verb=verb, content_type="text/plain") == 415
    assert status(verb=verb, content_type="application/x-www-form-urlencoded") == 415
    assert status(verb=verb, content_length="2") == 415
    assert status(verb=verb, transfer_encoding="chunked") == 415


def test_the_server_is_guarded(server: MockBitrix, http: httpx.Client) -> None:
    refused = http.get(f"{server.url}/_mock/portals", headers={"Origin": "https://evil.test"})

    assert refused.status_code == 403
    assert "error" in refused.json()
    assert http.post(f"{server.url}/_mock/reset", data={"a": "b"}).status_code == 415
