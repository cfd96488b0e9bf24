"""An application with its secrets, and what it does at the authorisation server."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import httpx

from mock_bitrix.portal.changing import move_clock
from mock_bitrix.portal.model import Portal
from mock_bitrix.testing import MockBitrix
from tests.support import install_portal

SECRET = "oauthsecret"
REDIRECT = "https://app.example/back?from=portal"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Application:
    """One application in a portal of its own."""

    server: MockBitrix
    http: httpx.Client
    portal_id: int
    client_id: str
    refresh_token: str

    @property
    def portal(self) -> Portal:
        found = self.server.emulator.directory.revised().portal(self.portal_id)
        assert found is not None
        return found

    def authorize(self, host: str | None = None, **query: Any) -> httpx.Response:
        """What a browser gets; as a person would, unless the query says user and approve."""
        asked = {"client_id": self.client_id, **query}
        headers = {"Host": host or self.portal.domain}
        return self.http.get(f"{self.server.url}/oauth/authorize/", params=asked, headers=headers)

    def code(self, user: int = 1) -> str:
        """A fresh code."""
        answer = self.authorize(user=user, approve=1)
        return httpx.URL(answer.headers["location"]).params["code"]

    def token(self, host: str | None = None, verb: str = "GET", **given: Any) -> httpx.Response:
        """A call of the token endpoint; what is None is left out."""
        usual = {"client_id": self.client_id, "client_secret": SECRET}
        sent = {name: value for name, value in {**usual, **given}.items() if value is not None}
        headers = {"Host": host} if host else {}
        body: dict[str, Any] = {"params": sent} if verb == "GET" else {"data": sent}
        return self.http.request(verb, f"{self.server.url}/oauth/token/", headers=headers, **body)

    def exchange(self, code: str, **given: Any) -> httpx.Response:
        return self.token(grant_type="authorization_code", code=code, **given)

    def refresh(self, refresh_token: str, **given: Any) -> httpx.Response:
        return self.token(grant_type="refresh_token", refresh_token=refresh_token, **given)

    def call(self, method: str, token: str, host: str | None = None) -> httpx.Response:
        headers = {"Host": host} if host else {}
        query = {"auth": token}
        url = f"{self.server.url}/rest/{method}"
        return self.http.get(url, params=query, headers=headers)

    def advance(self, seconds: float) -> None:
        """Let the portal's time pass."""
        move_clock(self.server.emulator.database, self.portal, lambda c: c.advanced(seconds))


def install(
    server: MockBitrix, http: httpx.Client, portal: dict[str, Any] | None = None, **app: Any
) -> Application:
    """A portal with one application; `app` replaces parts of it."""
    number = next(_numbers)
    refresh_token = f"first.refresh.{number}"
    part = {
        "client_id": f"oauth.{number}",
        "client_secret": SECRET,
        "redirect_uri": REDIRECT,
        "tokens": [{"access_token": f"first.access.{number}", "refresh_token": refresh_token}],
        **app,
    }
    users = [
        {"id": 1, "name": "Anna", "last_name": "Admin", "admin": True},
        {"id": 2, "name": "Ulf <b>", "last_name": "User"},
        {"id": 3, "name": "Jonas", "last_name": "Former", "active": False},
    ]
    made = install_portal(server, http, {"portal": portal or {}, "users": users, "apps": [part]})
    return Application(server, http, made.id, str(part["client_id"]), refresh_token)
