"""Helpers of the tests: a portal to play with, and clients that call it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from mock_bitrix.portal.document import Document
from mock_bitrix.portal.loading import install
from mock_bitrix.testing import MockBitrix

Json = Any

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures"
"""The fixture files of the repository."""


@dataclass(frozen=True)
class Answer:
    """An answer to a REST call."""

    status: int
    body: Json
    response: httpx.Response

    @property
    def result(self) -> Json:
        assert self.status == 200, self.body
        return self.body["result"]

    @property
    def error(self) -> tuple[int, str, str]:
        """Status, code and text of a refusal."""
        assert "error" in self.body, self.body
        return self.status, self.body["error"], self.body["error_description"]


class Client:
    """Calls REST methods as one caller: a token, or a webhook."""

    __test__ = False

    def __init__(self, http: httpx.Client, base: str, token: str | None = None) -> None:
        self.http = http
        self.base = base
        self.token = token

    def __call__(self, method: str, **parameters: Json) -> Answer:
        """Call with a JSON body, as most clients do."""
        auth = {} if self.token is None else {"auth": self.token}
        return self.send("POST", method, json={**parameters, **auth})

    def form(self, method: str, body: str) -> Answer:
        """Call with a form body, as it goes over the wire."""
        auth = "" if self.token is None else f"&auth={self.token}"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", method, content=(body + auth).encode(), headers=headers)

    def send(self, verb: str, method: str, **request: Any) -> Answer:
        """Send a request as it is."""
        response = self.http.request(verb, f"{self.base}/{method}", **request)
        is_json = response.headers.get("content-type", "").startswith("application/json")
        return Answer(response.status_code, response.json() if is_json else None, response)


@dataclass(frozen=True)
class TestPortal:
    """A throw-away portal with one application, and its callers."""

    __test__ = False

    server: MockBitrix
    http: httpx.Client
    id: int
    domain: str
    admin: Client
    user: Client
    webhook: Client
    client_id: str

    def rows(self, rows: Iterable[dict[str, Json]]) -> None:
        """Put rows into the application's queue as they are."""
        put_rows(self, rows)

    def queue(self, **parameters: Json) -> list[Json]:
        """The whole queue, as event.offline.list shows it, page by page."""
        shown: list[Json] = []
        start: int | None = 0
        while start is not None:
            page = self.admin("event.offline.list", start=start, **parameters)
            shown += page.result
            start = page.body.get("next")
        return shown


SCOPE = ["crm", "task", "user"]


def install_portal(
    server: MockBitrix, http: httpx.Client, document: dict[str, Json] | None = None
) -> TestPortal:
    """Make a portal on a running server; `document` replaces parts of the usual one."""
    emulator = server.emulator
    given: dict[str, Json] = {
        "users": [
            {"id": 1, "name": "Anna", "last_name": "Admin", "admin": True},
            {"id": 2, "name": "Ulf", "last_name": "User"},
        ],
        "webhooks": [{"user": 1, "scope": SCOPE}],
        "apps": [{"scope": SCOPE, "tokens": [{"user": 1}, {"user": 2}]}],
        **(document or {}),
    }
    number = install(emulator.database, Document.model_validate(given))
    directory = emulator.directory.revised()
    portal = directory.portal(number)
    assert portal is not None
    tokens = directory.some_tokens(portal)
    hooks = directory.webhooks(portal)
    rest = f"{server.url}/rest"
    webhook = f"{rest}/{hooks[0].user_id}/{hooks[0].secret}" if hooks else rest
    by_user = {token.user_id: token.access_token for _, token in tokens}
    return TestPortal(
        server=server,
        http=http,
        id=number,
        domain=portal.domain,
        admin=Client(http, rest, by_user.get(1)),
        user=Client(http, rest, by_user.get(2)),
        webhook=Client(http, webhook),
        client_id=directory.applications(portal)[0].client_id,
    )


def put_rows(portal: TestPortal, rows: Iterable[dict[str, Json]]) -> None:
    """Rows as a fixture describes them, into the portal's (first) application."""
    from mock_bitrix.portal.document import RowPart
    from mock_bitrix.portal.row_values import row_values
    from mock_bitrix.queue.statements import insert_as_is
    from mock_bitrix.storage.counters import Counters

    database = portal.server.emulator.database
    directory = portal.server.emulator.directory.revised()
    found = directory.portal(portal.id)
    assert found is not None
    application = directory.applications(found)[0]
    counters = Counters(database, portal.id)
    with database.transaction():
        for row in rows:
            part = RowPart.model_validate(row)
            values = row_values(part, portal.id, application.id, found.clock.now())
            if part.id is None:
                values["id"] = counters.next("row")
            else:
                counters.at_least("row", part.id)
            database.run(insert_as_is, **values)


def lead_added(number: int, **more: Json) -> dict[str, Json]:
    """A row: lead `number` was added."""
    return {"event": "ONCRMLEADADD", "data": {"FIELDS": {"ID": number}}, **more}
