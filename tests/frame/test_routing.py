"""The frame's addresses over plain HTTP."""

from __future__ import annotations

import json

import pytest

from mock_bitrix.frame.routing import LARGEST_BODY
from tests.frame.opened import FRAMED, framed_portal, look, open_page, reason, send
from tests.support import TestPortal, install_portal


def test_the_first_administrator_looks_where_nobody_is_named(framed: TestPortal) -> None:
    opened = open_page(framed)

    assert '<option value="1" selected>Anna Admin (1, administrator)</option>' in opened.html
    assert '<option value="2">Ulf User (2)</option>' in opened.html
    assert opened.result("getInitData")["IS_ADMIN"] is True


def test_whoever_is_named_looks(framed: TestPortal) -> None:
    opened = open_page(framed, "?user=2")

    assert '<option value="2" selected>' in opened.html
    token = opened.result("getInitData")["AUTH_ID"]
    profile = framed.http.get(f"{framed.server.url}/rest/profile", params={"auth": token})
    assert profile.json()["result"]["ID"] == "2"


def test_a_page_without_its_last_slash_leads_to_the_page(framed: TestPortal) -> None:
    answer = framed.http.get(
        f"{framed.server.url}/marketplace/app/{framed.client_id}?user=2", follow_redirects=True
    )
    assert '<option value="2" selected>' in answer.text


@pytest.mark.parametrize(
    ("query", "application", "status", "said"),
    [
        ("?user=7", {}, 404, "has no user 7"),
        ("?user=3", {}, 403, "User 3 of"),
        ("?user=2", {"access": [1]}, 403, "User 2 may not use"),
        ("", {"access": [3]}, 403, "Nobody in"),
        ("", {"active": False}, 403, "is not active"),
        ("", {"payment_expired": True}, 403, "subscription"),
        ("?user=2", {"installed": False}, 403, "not fully installed yet"),
        ("", {"handler_url": None}, 404, "has no handler_url"),
        ("", {"handler_url": "javascript:alert(1)"}, 404, "no web address"),
        ("?placement_options=[", {}, 400, "no JSON object"),
        ("?placement_options=[1]", {}, 400, "no JSON object"),
        (f"?placement_options={'[' * 5000}", {}, 400, "no JSON object"),
    ],
)
def test_a_page_that_cannot_be_shown_says_why(
    portal: TestPortal, query: str, application: dict[str, object], status: int, said: str
) -> None:
    users = [
        {"id": 1, "name": "Anna", "admin": True},
        {"id": 2, "name": "Ulf"},
        {"id": 3, "name": "Jonas", "active": False},
    ]
    answer = look(framed_portal(portal, users, **application), query)

    assert answer.status_code == status
    assert said in reason(answer)


def test_an_unknown_application_is_not_found(framed: TestPortal) -> None:
    answer = framed.http.get(f"{framed.server.url}/marketplace/app/local.nobody/")
    assert answer.status_code == 404
    assert reason(answer) == "No application local.nobody is installed here."


def test_an_application_of_several_portals_is_shown_in_the_one_that_is_called(
    framed: TestPortal,
) -> None:
    other = install_portal(
        framed.server, framed.http, {"apps": [{**FRAMED, "client_id": framed.client_id}]}
    )

    assert "is in several portals" in reason(look(framed))
    assert f'class="portal">{other.domain}' in look(other, host=other.domain).text


def test_the_authorisation_server_shows_no_application(framed: TestPortal) -> None:
    assert look(framed, host="oauth.bitrix.info").status_code == 404


def test_text_of_a_fixture_never_becomes_part_of_the_page(portal: TestPortal) -> None:
    evil = '</script><script>alert(1)</script>"><img src=x onerror=alert(1)>'
    users = [{"id": 1, "name": evil, "admin": True}]
    framed = framed_portal(portal, users, name=evil)
    opened = open_page(framed, f"?placement={evil}&placement_options={json.dumps({evil: evil})}")

    assert opened.known["title"] == evil
    assert "<img" not in opened.html
    assert "alert(1)</script>" not in opened.html


def test_the_page_lets_no_other_script_run_and_no_other_site_frame_it(framed: TestPortal) -> None:
    policy = look(framed).headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "frame-ancestors 'self'" in policy


def test_only_the_portals_own_page_may_send_a_command(framed: TestPortal) -> None:
    opened = open_page(framed)

    assert opened.send("getInitData").status_code == 200
    assert opened.send("getInitData", origin="http://127.0.0.1:9000").status_code == 403
    assert opened.send("getInitData", origin="").status_code == 403
    kind = {"content-type": "text/plain"}
    assert opened.send("getInitData", **kind).status_code == 403


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"7", b"{", b"[" * 5000])
def test_a_command_that_is_no_command_is_refused(framed: TestPortal, body: bytes) -> None:
    assert send(framed, "getInitData", body).status_code == 400


def test_a_command_that_is_too_large_is_refused(framed: TestPortal) -> None:
    answer = open_page(framed).send("setUserOption", {"name": "a", "value": "x" * LARGEST_BODY})
    assert answer.status_code == 413


def test_a_frame_that_nobody_opened_has_no_commands(framed: TestPortal) -> None:
    answer = send(framed, "getInitData", {"app_sid": "0" * 32})
    assert (answer.status_code, answer.json()["error"][:10]) == (404, "This frame")


def test_a_command_that_nobody_knows_is_refused(framed: TestPortal) -> None:
    assert open_page(framed).send("dance").status_code == 404


def test_a_preflight_of_another_origin_is_not_granted(framed: TestPortal) -> None:
    answer = framed.http.options(
        f"{framed.server.url}/marketplace/frame/getInitData",
        headers={"origin": "http://evil.test", "access-control-request-method": "POST"},
    )
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("name", ["main.js", "page.css"])
def test_the_pages_own_files_are_served(framed: TestPortal, name: str) -> None:
    answer = framed.http.get(f"{framed.server.url}/marketplace/static/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/")


@pytest.mark.parametrize("name", ["page.html", "core.js", "..%2Frouting.py", "nothing.js"])
def test_other_files_are_not_served(framed: TestPortal, name: str) -> None:
    answer = framed.http.get(f"{framed.server.url}/marketplace/static/{name}")
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["api/v1/", "api/v1", "/api/v1/"])
def test_the_script_for_applications_is_served_to_every_origin(
    framed: TestPortal, path: str
) -> None:
    answer = framed.http.get(f"{framed.server.url}/{path}", follow_redirects=True)
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "BX24.callMethod = " in answer.text
