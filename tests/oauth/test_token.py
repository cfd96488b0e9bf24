"""`/oauth/token/`: protocol B.9.2."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from mock_bitrix.portal.erasing import erase_portal
from mock_bitrix.testing import MockBitrix
from tests.oauth.support import SECRET, Application, install

Json = Any


def failure(answer: httpx.Response) -> tuple[int, Json]:
    return answer.status_code, answer.json()["error"]


def test_a_code_is_traded_for_every_field_of_a_token_answer(application: Application) -> None:
    answer = application.exchange(application.code(user=2))

    told = answer.json()
    assert answer.status_code == 200
    assert list(told) == [
        "access_token",
        "expires",
        "expires_in",
        "scope",
        "domain",
        "server_endpoint",
        "status",
        "client_endpoint",
        "member_id",
        "user_id",
        "refresh_token",
    ]
    assert told["user_id"] == 2
    assert told["expires_in"] == 3600
    assert 3590 < told["expires"] - time.time() <= 3600
    assert isinstance(told["expires"], int)
    assert (told["scope"], told["status"]) == ("app", "L")
    assert told["member_id"] == application.portal.member_id
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_an_access_token_holds_its_end_and_its_user(application: Application) -> None:
    told = application.exchange(application.code(user=2)).json()

    token = bytes.fromhex(told["access_token"])
    assert len(token) == 35
    assert int.from_bytes(token[:4], "little") == told["expires"]
    assert int.from_bytes(token[12:16], "big") == 2


def test_the_token_speaks_for_the_user_who_was_chosen(application: Application) -> None:
    token = application.exchange(application.code(user=2)).json()["access_token"]

    assert application.call("profile", token).json()["result"]["ID"] == "2"


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_the_token_endpoint_takes_get_and_form(application: Application, verb: str) -> None:
    answer = application.refresh(application.refresh_token, verb=verb)

    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/token/", "//oauth//token/"])
def test_the_token_endpoint_takes_json_and_any_slashes(application: Application, path: str) -> None:
    body = {
        "grant_type": "refresh_token",
        "client_id": application.client_id,
        "client_secret": SECRET,
        "refresh_token": application.refresh_token,
    }
    answer = application.http.post(application.server.url + path, json=body)

    assert answer.status_code == 200


def test_a_refresh_token_is_used_up_and_a_new_one_comes(application: Application) -> None:
    first = application.refresh(application.refresh_token)
    again = application.refresh(application.refresh_token)
    second = application.refresh(first.json()["refresh_token"])

    assert (first.status_code, second.status_code) == (200, 200)
    assert failure(again) == (400, "invalid_grant")
    assert second.json()["refresh_token"] != first.json()["refresh_token"]


def test_a_refreshed_access_token_stays_valid_until_its_own_end(application: Application) -> None:
    old = application.exchange(application.code()).json()
    application.advance(1800)
    new = application.refresh(old["refresh_token"]).json()

    assert application.call("profile", old["access_token"]).status_code == 200
    application.advance(1801)
    assert failure(application.call("profile", old["access_token"])) == (401, "expired_token")
    assert application.call("profile", new["access_token"]).status_code == 200


def test_expires_in_is_the_portal_s_own(server: MockBitrix, http: httpx.Client) -> None:
    application = install(server, http, {"expires_in": 5})

    told = application.refresh(application.refresh_token).json()

    assert told["expires_in"] == 5
    assert application.call("profile", told["access_token"]).status_code == 200
    application.advance(5)
    assert failure(application.call("profile", told["access_token"])) == (401, "expired_token")


def test_an_unknown_client_gets_status_200_and_no_description(application: Application) -> None:
    answer = application.refresh(application.refresh_token, client_id="local.unknown")

    assert (answer.status_code, answer.json()) == (200, {"error": "wrong_client"})


def test_a_wrong_secret_is_an_invalid_client(application: Application) -> None:
    answer = application.refresh(application.refresh_token, client_secret="wrong")

    assert failure(answer) == (400, "invalid_client")
    assert application.refresh(application.refresh_token).status_code == 200


def test_an_unknown_code_or_refresh_token_is_an_invalid_grant(application: Application) -> None:
    assert failure(application.exchange("guessed")) == (400, "invalid_grant")
    assert failure(application.refresh("guessed")) == (400, "invalid_grant")


def test_a_code_works_once(application: Application) -> None:
    code = application.code()

    assert application.exchange(code).status_code == 200
    assert failure(application.exchange(code)) == (400, "invalid_grant")


def test_a_code_lives_30_seconds_by_the_portal_s_clock(application: Application) -> None:
    early, late = application.code(), application.code()

    application.advance(29)
    assert application.exchange(early).status_code == 200
    application.advance(1)
    assert failure(application.exchange(late)) == (400, "invalid_grant")


def test_a_refresh_token_lives_180_days_by_the_portal_s_clock(application: Application) -> None:
    early = application.exchange(application.code()).json()["refresh_token"]
    late = application.exchange(application.code()).json()["refresh_token"]

    application.advance(180 * 86400 - 60)
    assert application.refresh(early).status_code == 200
    application.advance(60)
    assert failure(application.refresh(late)) == (400, "invalid_grant")


def test_a_code_of_another_client_is_an_invalid_grant(
    application: Application, server: MockBitrix, http: httpx.Client
) -> None:
    other, code = install(server, http), application.code()

    assert failure(other.exchange(code)) == (400, "invalid_grant")
    assert application.exchange(code).status_code == 200


def test_an_application_in_two_portals_is_told_apart_by_what_it_trades(
    application: Application, server: MockBitrix, http: httpx.Client
) -> None:
    twin = install(server, http, client_id=application.client_id)

    told = [each.refresh(each.refresh_token).json() for each in (twin, application)]

    assert [each["member_id"] for each in told] == [
        twin.portal.member_id,
        application.portal.member_id,
    ]


def test_a_portal_s_own_address_trades_nothing_of_another_portal(
    application: Application, server: MockBitrix, http: httpx.Client
) -> None:
    twin = install(server, http, client_id=application.client_id)

    answer = twin.refresh(twin.refresh_token, host=application.portal.domain)

    assert failure(answer) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "missing", ["grant_type", "client_id", "client_secret", "refresh_token", "code"]
)
def test_a_missing_parameter_is_named(application: Application, missing: str) -> None:
    grant = "authorization_code" if missing == "code" else "refresh_token"
    given: Json = {"grant_type": grant, "refresh_token": "guessed", "code": "guessed"}

    answer = application.token(**{**given, missing: None})

    assert failure(answer) == (400, "invalid_request")
    assert answer.json()["error_description"] == f'No "{missing}" parameter found'


def test_an_unknown_grant_type_is_an_invalid_request(application: Application) -> None:
    answer = application.token(grant_type="password")

    assert failure(answer) == (400, "invalid_request")


def test_an_array_for_a_text_counts_as_missing(application: Application) -> None:
    url = f"{application.server.url}/oauth/token/?grant_type[]=refresh_token"

    assert failure(application.http.get(url)) == (400, "invalid_request")


@pytest.mark.parametrize("scope", ["crm", "app", "crm,user", "task user"])
def test_a_scope_within_the_application_s_is_granted(application: Application, scope: str) -> None:
    assert application.refresh(application.refresh_token, scope=scope).status_code == 200


def test_a_scope_beyond_the_application_s_is_refused(application: Application) -> None:
    answer = application.refresh(application.refresh_token, scope="crm,disk")

    assert failure(answer) == (403, "invalid_scope")
    assert application.refresh(application.refresh_token).status_code == 200


def test_an_application_that_is_not_active_is_not_installed(
    server: MockBitrix, http: httpx.Client
) -> None:
    application = install(server, http, active=False)

    answer = application.refresh(application.refresh_token)

    assert failure(answer) == (401, "NOT_INSTALLED")
    assert answer.json()["error_description"] == "Application not installed"


def test_an_unfinished_installation_gets_tokens(server: MockBitrix, http: httpx.Client) -> None:
    application = install(server, http, installed=False)

    assert application.refresh(application.refresh_token).status_code == 200


def test_payment_is_required_when_the_paid_period_is_over(
    server: MockBitrix, http: httpx.Client
) -> None:
    application = install(server, http, payment_expired=True)

    answer = application.refresh(application.refresh_token)

    assert failure(answer) == (401, "PAYMENT_REQUIRED")
    assert answer.json()["error_description"] == "Payment required"


def test_a_deleted_portal_s_client_is_a_wrong_client(application: Application) -> None:
    erase_portal(application.server.emulator.database, application.portal_id)

    answer = application.refresh(application.refresh_token)

    assert (answer.status_code, answer.json()) == (200, {"error": "wrong_client"})


def test_a_portal_s_own_address_names_itself(application: Application) -> None:
    told = application.refresh(application.refresh_token, host="127.0.0.2:8024").json()

    assert told["domain"] == "127.0.0.2:8024"
    assert told["client_endpoint"] == told["server_endpoint"] == "http://127.0.0.2:8024/rest/"


@pytest.mark.parametrize("host", ["oauth.bitrix.info", "oauth.bitrix24.tech"])
def test_an_authorisation_server_names_itself_and_the_portal(
    application: Application, host: str
) -> None:
    told = application.refresh(application.refresh_token, host=host).json()

    assert told["domain"] == host
    assert told["server_endpoint"] == f"http://{host}/rest/"
    assert told["client_endpoint"] == f"https://{application.portal.domain}/rest/"
