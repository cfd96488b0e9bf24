"""`/rest/app.info` of an authorisation server, and of a portal."""

from __future__ import annotations

from datetime import datetime

import httpx
import pytest

from mock_bitrix.testing import MockBitrix
from tests.oauth.support import Application, install

SERVER = "oauth.bitrix24.tech"


def test_an_authorisation_server_tells_of_the_installation(application: Application) -> None:
    token = application.exchange(application.code(user=2)).json()

    answer = application.call("app.info/", token["access_token"], host=SERVER)

    told, portal = answer.json()["result"], application.portal
    assert datetime.fromisoformat(told.pop("expires")).timestamp() == token["expires"]
    assert told == {
        "client_id": application.client_id,
        "scope": "crm,task,user",
        "install": {
            "installed": True,
            "version": 1,
            "status": "L",
            "scope": "crm,task,user",
            "domain": portal.domain,
            "uri": "",
            "client_endpoint": f"https://{portal.domain}/rest/",
            "member_id": portal.member_id,
            "member_type": "",
        },
        "user_id": 2,
    }
    assert {"start", "finish", "date_start"} <= set(answer.json()["time"])


def test_a_token_that_never_expires_reports_now_and_expires_in(
    server: MockBitrix, http: httpx.Client
) -> None:
    application = install(server, http, {"expires_in": 100}, tokens=[{"access_token": "for.ever"}])
    application.advance(5000)

    told = application.call("app.info", "for.ever", host=SERVER).json()["result"]

    end = datetime.fromisoformat(told["expires"]).timestamp()
    assert 90 < end - application.portal.clock.now() <= 100


def test_a_portal_answers_app_info_in_its_own_shape(application: Application) -> None:
    token = application.refresh(application.refresh_token).json()["access_token"]

    told = application.call("app.info", token).json()["result"]

    assert (told["CODE"], told["INSTALLED"]) == (application.client_id, True)


@pytest.mark.parametrize(
    ("method", "token", "status", "code"),
    [
        ("app.info", "guessed", 401, "invalid_token"),
        ("app.info", "", 401, "NO_AUTH_FOUND"),
        ("profile", "guessed", 404, "ERROR_METHOD_NOT_FOUND"),
    ],
)
def test_an_authorisation_server_knows_app_info_only(
    application: Application, method: str, token: str, status: int, code: str
) -> None:
    answer = application.call(method, token, host=SERVER)

    assert (answer.status_code, answer.json()["error"]) == (status, code)


def test_an_authorisation_server_says_when_a_token_is_over(application: Application) -> None:
    token = application.refresh(application.refresh_token).json()["access_token"]
    application.advance(3600)

    answer = application.call("app.info", token, host=SERVER)

    assert (answer.status_code, answer.json()["error"]) == (401, "expired_token")


def test_an_authorisation_server_knows_no_webhooks(
    server: MockBitrix, http: httpx.Client, application: Application
) -> None:
    webhook = server.emulator.directory.revised().webhooks(application.portal)
    secret = webhook[0].secret

    answer = http.get(f"{server.url}/rest/1/{secret}/app.info", headers={"Host": SERVER})

    assert (answer.status_code, answer.json()["error"]) == (403, "WRONG_AUTH_TYPE")
