"""The door of the console: a browser on another machine shows the control key once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mock_bitrix.app import create_app
from mock_bitrix.control import session
from mock_bitrix.testing import MockBitrix

KEY = "the key of the test"
BOX = "http://box.test:8024"


class Browser:
    """A browser on some machine, which keeps cookies."""

    def __init__(self, server: MockBitrix, base: str = BOX, peer: str = "10.0.0.7") -> None:
        app = create_app(server.emulator)
        transport = httpx.ASGITransport(app, client=(peer, 5000))
        self._client = httpx.AsyncClient(transport=transport, base_url=base)

    def __call__(self, verb: str, path: str, **more: Any) -> httpx.Response:
        """Send a request, and follow nothing."""
        return asyncio.run(self._client.request(verb, path, **more))

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self("POST", path, **more)


@pytest.fixture(scope="module")
def keyed() -> Iterator[MockBitrix]:
    """A server with a control key."""
    with MockBitrix(control_key=KEY) as running:
        yield running


@pytest.fixture
def elsewhere(keyed: MockBitrix) -> Browser:
    """A browser on another machine."""
    return Browser(keyed)


def sign_in(browser: Browser, key: str = KEY, onwards: str = "/", **headers: str) -> int:
    """What the door answers."""
    given = {"key": key, "next": onwards}
    return browser.post("/console/sign-in", data=given, headers=headers).status_code


def test_who_has_no_key_is_asked_for_it(elsewhere: Browser) -> None:
    answer = elsewhere.get("/console/abc?state=free")

    assert answer.status_code == 403
    assert 'name="key"' in answer.text
    assert 'value="/console/abc?state=free"' in answer.text
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert elsewhere.get("/console/files/console.css").status_code == 200
    assert elsewhere.get("/_mock/portals").status_code == 403


def test_the_key_opens_pages_and_the_control_api(elsewhere: Browser) -> None:
    answer = elsewhere.post("/console/sign-in", data={"key": KEY, "next": "/console/x?a=b"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/console/x?a=b")
    assert elsewhere.get("/").status_code == 200
    assert elsewhere.get("/_mock/portals").status_code == 200
    written = elsewhere(
        "PUT", "/_mock/portals/default/clock", json={"freeze": True}, headers={"Origin": BOX}
    )
    assert written.status_code == 200


def test_the_cookie_is_for_this_server_alone_and_does_not_hold_the_key(
    elsewhere: Browser,
) -> None:
    answer = elsewhere.post("/console/sign-in", data={"key": KEY})

    header = answer.headers["set-cookie"]
    assert header.endswith("; Path=/; HttpOnly; SameSite=Strict")
    assert KEY not in header
    assert session.session_of(KEY) in header
    assert session.session_of(KEY) != session.session_of(KEY + "x")
    assert session.cookie(KEY, secure=True).endswith("; Secure")


@pytest.mark.parametrize("key", ["", "wrong", KEY + "x", KEY[:-1], "ключ"])
def test_a_wrong_key_opens_nothing(elsewhere: Browser, key: str) -> None:
    answer = elsewhere.post("/console/sign-in", data={"key": key})

    assert answer.status_code == 403
    assert "That is not the key." in answer.text
    assert "set-cookie" not in answer.headers
    assert elsewhere.get("/").status_code == 403


@pytest.mark.parametrize("value", ["", "x", KEY, session.session_of("another key")])
def test_a_made_up_cookie_opens_nothing(elsewhere: Browser, value: str) -> None:
    headers = {"Cookie": f"{session.NAME}={value}"}

    assert elsewhere.get("/", headers=headers).status_code == 403
    assert elsewhere.get("/_mock/portals", headers=headers).status_code == 403


def test_with_the_cookie_a_foreign_page_may_nothing(elsewhere: Browser) -> None:
    sign_in(elsewhere)
    evil = {"Origin": "http://box.test:9000"}
    clock = "/_mock/portals/default/clock"

    assert elsewhere.get("/_mock/portals", headers=evil).status_code == 403
    assert elsewhere("PUT", clock, json={"freeze": True}, headers=evil).status_code == 403
    assert elsewhere("DELETE", "/_mock/portals/default/faults").status_code == 403
    form = elsewhere("PUT", clock, data={"freeze": "1"}, headers={"Origin": BOX})
    assert form.status_code == 415


def test_a_foreign_page_can_neither_sign_in_nor_out(elsewhere: Browser) -> None:
    assert sign_in(elsewhere, Origin="http://evil.test") == 403
    sign_in(elsewhere)
    out = elsewhere.post("/console/sign-out", headers={"Origin": "http://evil.test"})
    assert out.status_code == 403
    assert elsewhere.get("/").status_code == 200


def test_who_signs_out_is_out(elsewhere: Browser) -> None:
    sign_in(elsewhere)
    assert "Sign out" in elsewhere.get("/").text

    answer = elsewhere.post("/console/sign-out", headers={"Origin": BOX})

    assert answer.status_code == 303
    assert elsewhere.get("/").status_code == 403


@pytest.mark.parametrize(
    "onwards", ["//evil.test", "http://evil.test", "/\\evil.test", "/console//evil", "/rest/x", "x"]
)
def test_the_way_leads_on_to_the_console_only(elsewhere: Browser, onwards: str) -> None:
    answer = elsewhere.post("/console/sign-in", data={"key": KEY, "next": onwards})

    assert answer.headers["location"] == "/"


def test_a_form_that_is_too_large_is_not_read(elsewhere: Browser) -> None:
    assert sign_in(elsewhere, key="x" * 10_000) == 403


def test_without_a_control_key_nobody_elsewhere_is_asked(server: MockBitrix) -> None:
    client = Browser(server)

    assert client.get("/").json()["error"].startswith("only this machine may use this")
    assert client.post("/console/sign-in", data={"key": ""}).status_code == 403


def test_this_machine_needs_no_key_but_a_name_of_its_own(keyed: MockBitrix) -> None:
    own = Browser(keyed, "http://localhost:8024", "127.0.0.1")
    foreign = Browser(keyed, "http://evil.test", "127.0.0.1")

    assert own.get("/").status_code == 200
    assert own.get("/console/sign-in").headers["location"] == "/"
    assert foreign.get("/").status_code == 403
    assert 'name="key"' not in foreign.get("/").text
