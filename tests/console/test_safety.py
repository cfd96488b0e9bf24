"""Text from outside is shown and never runs; tokens and secrets are not shown."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mock_bitrix.testing import MockBitrix
from mock_bitrix.testing.control import Control, PortalControl
from tests.console.support import HOSTILE, hostile_portal, path_of, section, text_of, token_of
from tests.support import Client


def test_hostile_text_is_shown_and_never_runs(server: MockBitrix, http: httpx.Client) -> None:
    made = hostile_portal(server.url)
    caller = Client(http, f"{server.url}/rest", token_of(made))
    caller("event.offline.get", auth_connector=HOSTILE, process_id=HOSTILE, **{HOSTILE: HOSTILE})
    http.post(f"{server.url}/rest/{HOSTILE}", json={"auth": token_of(made)})
    query = dict.fromkeys(("search", "event", "connector", "why", "method", "emit"), HOSTILE)

    pages = [
        http.get(path_of(made)).text,
        http.get(path_of(made), params=query).text,
        http.get(path_of(made), params={"why": "local.app", "filter": HOSTILE}).text,
        http.get(f"{path_of(made)}/live").text,
        http.get(f"{server.url}/", params={"search": HOSTILE}).text,
    ]

    for page in pages:
        assert "<script>alert" not in page
        assert "<img" not in page
        assert 'href="javascript:' not in page
    assert HOSTILE in text_of(pages[0])


def test_pages_allow_no_script_but_their_own_and_no_frame_around_them(
    made: PortalControl, http: httpx.Client
) -> None:
    headers = http.get(path_of(made)).headers
    page = http.get(path_of(made)).text

    policy = headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-frame-options"] == "DENY"
    assert headers["cache-control"] == "no-store"
    assert " style=" not in page
    assert "<style" not in page
    assert page.count("<script") == 1


def test_no_token_and_no_secret_is_shown(server: MockBitrix, http: httpx.Client) -> None:
    token, secret, hook = "token.of.the.test", "secretofthetest", "hookofthetest"
    handler = f"http://user:passwordofurl@127.0.0.1:9/h?token=tokenofurl&s={secret}"
    app: dict[str, Any] = {
        "client_id": "local.app",
        "client_secret": secret,
        "scope": ["crm"],
        "tokens": [{"user": 1, "access_token": token, "refresh_token": "refresh.of.the.test"}],
        "bindings": [{"event": "ONCRMLEADADD", "handler": handler}],
        "queue": [{"event": "ONCRMLEADADD", "data": {"auth": "authofdata", "T": f"x{token}x"},
                   "additional": {"hook": f"/rest/1/{hook}/"}, "message_id": f"m{secret}"}],
    }  # fmt: skip
    document = {"apps": [app], "webhooks": [{"user": 1, "secret": hook, "scope": ["crm"]}]}
    made = Control(server.url).create(document)
    try:
        http.post(f"{server.url}/rest/1/{hook}/crm.lead.list", json={"filter": {"T": token}})
        made.emit("ONCRMLEADADD")
        page = http.get(path_of(made)).text + http.get(f"{path_of(made)}/live").text
    finally:
        made.delete()

    hidden = (token, secret, hook, "refresh.of", "passwordofurl", "tokenofurl", "authofdata")
    assert [each for each in hidden if each in page] == []
    assert "crm.lead.list" in page
    assert "127.0.0.1:9/h" in text_of(section(page, "bindings"))


@pytest.mark.parametrize("header", [{"Origin": "http://evil.test"}, {"Host": "evil.test"}])
@pytest.mark.parametrize("path", ["/", "/console/x", "/console/x/live"])
def test_a_foreign_page_is_refused(
    server: MockBitrix, http: httpx.Client, path: str, header: dict[str, str]
) -> None:
    assert http.get(server.url + path, headers=header).status_code == 403
