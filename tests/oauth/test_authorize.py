"""`/oauth/authorize/`: protocol B.9.1."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from mock_bitrix.testing import MockBitrix
from tests.oauth.support import REDIRECT, Application, install


def refused(answer: httpx.Response) -> str:
    """The text of a page that sends nobody anywhere."""
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


def test_who_approves_is_sent_to_the_application_with_a_code(application: Application) -> None:
    answer = application.authorize(state="a&b=c d", user=1, approve=1)

    target = answer.headers["location"]
    query = parse_qs(urlsplit(target).query, keep_blank_values=True)
    assert answer.status_code == 302
    assert target.startswith(REDIRECT + "&code=")
    assert list(query) == ["from", "code", "state", "domain", "member_id", "scope", "server_domain"]
    assert query["state"] == ["a&b=c d"]
    assert query["domain"] == [application.portal.domain]
    assert query["member_id"] == [application.portal.member_id]
    assert query["scope"] == ["crm,task,user"]
    assert query["server_domain"] == ["oauth.bitrix.info"]


def test_a_caller_by_address_is_told_that_address(application: Application) -> None:
    host = urlsplit(application.server.url).netloc

    query = parse_qs(
        urlsplit(application.authorize(host, user=1, approve=1).headers["location"]).query
    )

    assert query["domain"] == query["server_domain"] == [host]


def test_a_person_chooses_among_the_active_users(application: Application) -> None:
    page = application.authorize(state='"><script>')

    assert page.status_code == 200
    assert 'value="1" checked' in page.text
    assert "Ulf &lt;b&gt; User (2)" in page.text
    assert "Jonas" not in page.text
    assert "<script>" not in page.text
    assert 'name="state" value="&quot;&gt;&lt;script&gt;"' in page.text


def test_a_choice_alone_approves_nothing(application: Application) -> None:
    assert application.authorize(user=1).status_code == 200
    assert application.authorize(approve=1).status_code == 200


def test_a_wrong_client_is_shown_a_page(application: Application) -> None:
    assert "local.unknown" in refused(application.authorize(client_id="local.unknown"))
    assert "client_id" in refused(application.authorize(client_id=""))


def test_a_client_of_another_portal_is_unknown_here(
    application: Application, server: MockBitrix, http: httpx.Client
) -> None:
    other = install(server, http)

    refused(application.authorize(host=other.portal.domain, user=1, approve=1))


@pytest.mark.parametrize(
    "target", ["https://evil.example/back", REDIRECT + "&more=1", "//evil.example"]
)
def test_a_wrong_redirect_is_shown_and_not_followed(application: Application, target: str) -> None:
    page = refused(application.authorize(redirect_uri=target, user=1, approve=1))

    assert "redirect_uri" in page


def test_the_registered_redirect_may_be_named(application: Application) -> None:
    assert application.authorize(redirect_uri=REDIRECT, user=1, approve=1).status_code == 302


def test_without_a_redirect_uri_the_handler_is_meant(
    server: MockBitrix, http: httpx.Client
) -> None:
    framed = install(server, http, redirect_uri=None, handler_url="https://app.example/handler")
    nowhere = install(server, http, redirect_uri=None)

    answer = framed.authorize(user=1, approve=1)

    assert answer.headers["location"].startswith("https://app.example/handler?code=")
    refused(nowhere.authorize(user=1, approve=1))


@pytest.mark.parametrize("user", ["3", "77", "Anna"])
def test_an_inactive_or_unknown_user_is_shown_a_page(application: Application, user: str) -> None:
    assert user in refused(application.authorize(user=user, approve=1))


def test_only_who_may_use_the_application_can_let_it_in(
    server: MockBitrix, http: httpx.Client
) -> None:
    application = install(server, http, access=[2])

    assert "Anna" not in application.authorize().text
    assert application.authorize(user=2, approve=1).status_code == 302
    refused(application.authorize(user=1, approve=1))


def test_an_application_that_nobody_may_use_is_shown_a_page(
    server: MockBitrix, http: httpx.Client
) -> None:
    nobodys = install(server, http, access=[3])  # who is not active

    assert "Nobody in" in refused(nobodys.authorize())


def test_what_can_t_be_read_is_shown_a_page(application: Application) -> None:
    assert "can&#x27;t hold a NUL" in refused(application.authorize(**{"a\0b": "1"}))


@pytest.mark.parametrize(("name", "value"), [("active", False), ("payment_expired", True)])
def test_an_application_that_can_t_be_used_is_shown_a_page(
    server: MockBitrix, http: httpx.Client, name: str, value: Any
) -> None:
    refused(install(server, http, **{name: value}).authorize(user=1, approve=1))


def test_called_by_address_an_application_is_found_in_its_only_portal(
    application: Application, server: MockBitrix, http: httpx.Client
) -> None:
    host = urlsplit(server.url).netloc
    assert application.authorize(host, user=1, approve=1).status_code == 302

    install(server, http, client_id=application.client_id)

    assert "several portals" in refused(application.authorize(host, user=1, approve=1))
    assert application.authorize(user=1, approve=1).status_code == 302


def test_a_redirect_carries_no_header_of_its_own(server: MockBitrix, http: httpx.Client) -> None:
    application = install(server, http, redirect_uri="https://app.example/ü \r\nSet-Cookie: a=b")

    answer = application.authorize(user=1, approve=1)

    assert "set-cookie" not in answer.headers
    assert answer.headers["location"].startswith("https://app.example/%C3%BC%20")
