"""Everything that one can do to a server with a secret in hand: each deed by its name."""

from __future__ import annotations

import contextlib
import socket
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.log.secrets import (
    ACCESS,
    APPLICATION,
    CLIENT_SECRET,
    EXPIRED,
    FOREIGN,
    KEY,
    REFRESH,
    SPENT,
    USER_ACCESS,
    WEBHOOK,
)

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@dataclass
class World:
    """A server, its proxy and database file, and the secrets that it has handed out."""

    url: str
    proxy: str
    database: str
    http: httpx.Client
    handed_out: set[str] = field(default_factory=set)

    def call(self, path: str, **request: Any) -> httpx.Response:
        """A request; GET unless it has a body."""
        has_body = any(name in request for name in ("json", "data", "content", "files"))
        verb = request.pop("verb", "POST" if has_body else "GET")
        return self.http.request(verb, self.url + path, **request)

    def body(self, path: str, kind: str, text: str) -> None:
        self.call(path, content=text, headers={"Content-Type": kind})

    def raw(self, text: str, address: str | None = None) -> None:
        """Bytes as they are; whatever comes back."""
        where = urlsplit(address or self.url)
        with socket.create_connection((where.hostname or "", where.port or 0), 5) as connection:
            connection.sendall(text.encode("latin-1"))
            with contextlib.suppress(OSError):
                connection.settimeout(0.1)
                connection.recv(65536)

    def trade(self, **given: str) -> Any:
        usual = {"client_id": "local.app", "client_secret": CLIENT_SECRET}
        told = self.call("/oauth/token/", params=usual | given).json()
        self.handed_out |= {told[n] for n in ("access_token", "refresh_token") if n in told}
        return told

    def code(self) -> str:
        query = {"client_id": "local.app", "user": "1", "approve": "1"}
        location = self.call("/oauth/authorize/", params=query).headers["location"]
        code = httpx.URL(location).params["code"]
        self.handed_out.add(code)
        return code

    def control(self, verb: str, path: str, body: Any = None, **headers: str) -> None:
        given = {} if body is None else {"json": body}
        self.call(f"/_mock/portals/default{path}", verb=verb, headers=headers, **given)


Deed = Callable[[World], object]


def _connect(line: str) -> Deed:
    return lambda w: w.raw(f"{line}\r\n\r\n", w.proxy)


def _break_database(world: World) -> None:
    with sqlite3.connect(world.database) as database:
        database.execute("ALTER TABLE tokens RENAME TO gone")
    world.call(f"/rest/profile?auth={FOREIGN}")
    world.call("/oauth/token/", data={"refresh_token": REFRESH, "grant_type": "refresh_token"})
    world.call("/_mock/portals")
    with sqlite3.connect(world.database) as database:
        database.execute("ALTER TABLE gone RENAME TO tokens")


def _too_large(world: World) -> None:
    world.raw(
        f"POST /rest/{ACCESS} HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n"
        f"Authorization: Bearer {ACCESS}\r\n\r\n"
    )


def _fault(world: World) -> None:
    for name in ("drop_connection", "malformed_body", "html_error_page", "expired_token"):
        world.control("POST", "/faults", {"fault": name, "times": 1, "when": "after"})
        with contextlib.suppress(httpx.HTTPError):
            world.call(f"/rest/{WEBHOOK}/profile?auth={ACCESS}")
            world.call(f"/rest/profile?auth={ACCESS}")


BATCH = {"a": f"profile?auth={ACCESS}", "b": f"{ACCESS}?x={APPLICATION}", "c": WEBHOOK}

DEEDS: dict[str, Deed] = {
    "json": lambda w: w.call("/rest/profile", json={"auth": ACCESS}),
    "form": lambda w: w.call("/rest/profile", data={"access_token": ACCESS}),
    "query": lambda w: w.call(f"/rest/profile?auth={ACCESS}"),
    "bearer": lambda w: w.call("/rest/profile", headers={"Authorization": f"Bearer {ACCESS}"}),
    "multipart": lambda w: w.call("/rest/profile", files={"auth": (None, ACCESS)}),
    "webhook": lambda w: w.call(f"/rest/1/{WEBHOOK}/crm.lead.list.xml"),
    "webhook out of scope": lambda w: w.call(f"/rest/1/{WEBHOOK}/event.offline.get"),
    "webhook without a method": lambda w: w.call(f"/rest/1/{WEBHOOK}"),
    "webhook of another user": lambda w: w.call(f"/rest/7/{WEBHOOK}/profile"),
    "webhook, one part short": lambda w: w.call(f"/rest/{WEBHOOK}/profile"),
    "expired": lambda w: w.call(f"/rest/profile?auth={EXPIRED}"),
    "foreign": lambda w: w.call(f"/rest/profile?auth={FOREIGN}"),
    "foreign webhook": lambda w: w.call(f"/rest/1/{FOREIGN}/crm.lead.list"),
    "refused": lambda w: w.call("/rest/user.get", json={"auth": USER_ACCESS}),
    "no such method": lambda w: w.call(f"/rest/no.such.method?auth={ACCESS}"),
    "a secret as method": lambda w: [
        w.call(f"/rest/{each}") for each in (ACCESS, APPLICATION, FOREIGN)
    ],
    "a secret as parameter": lambda w: w.call(
        f"/rest/event.offline.get?{ACCESS}=1", data={"auth": ACCESS, REFRESH: 1, FOREIGN: 2}
    ),
    "a secret as value": lambda w: w.call(
        "/rest/event.offline.get",
        json={"auth": ACCESS, "filter": {"=ID": [REFRESH]}, "order": KEY, "clear": FOREIGN},
    ),
    "not found": lambda w: [w.call(f"/{ACCESS}"), w.call(f"/rest/api/{ACCESS}")],
    "broken json": lambda w: w.body("/rest/profile", JSON, f'{{"auth": "{ACCESS}", '),
    "json as a form": lambda w: w.body("/rest/profile", FORM, f'{{auth: "{ACCESS}"}}'),
    "json as a form, to a take": lambda w: w.body(
        f"/rest/event.offline.get?auth={ACCESS}", FORM, f'{{"auth": {ACCESS} }}'
    ),
    "a form as json": lambda w: w.body("/rest/profile", JSON, f"auth={ACCESS}"),
    "broken multipart": lambda w: w.body("/rest/a", "multipart/form-data; boundary=x", ACCESS),
    "nul": lambda w: w.body("/rest/profile", FORM, f"a%00{ACCESS}=1&auth={ACCESS}"),
    "too deep": lambda w: w.body("/rest/profile", FORM, f"a{'[b]' * 999}={ACCESS}"),
    "large headers": lambda w: w.call(
        f"/rest/{ACCESS}", headers={f"X-{n}": ACCESS * 100 for n in range(30)}
    ),
    "large body": _too_large,
    "batch": lambda w: w.call("/rest/batch", json={"auth": ACCESS, "cmd": BATCH}),
    "no http": lambda w: w.raw(f"{ACCESS} {WEBHOOK}\r\n\r\n"),
    "bad http": lambda w: w.raw(f"GET /rest/1/{WEBHOOK}/profile HTTP/9\r\nA B: {KEY}\r\n\r\n"),
    "upgrade": lambda w: w.raw(
        f"GET /rest/profile?auth={ACCESS} HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {KEY}\r\n\r\n"
    ),
    "half a request": lambda w: w.raw(f"POST /rest/1/{WEBHOOK}/profile HTTP/1.1\r\nHost: a\r\n"),
    "code": lambda w: w.trade(grant_type="authorization_code", code=w.code()),
    "code of nobody": lambda w: w.trade(grant_type="authorization_code", code=FOREIGN),
    "refresh": lambda w: w.trade(grant_type="refresh_token", refresh_token=SPENT),
    "refresh again": lambda w: w.trade(grant_type="refresh_token", refresh_token=SPENT),
    "wrong secret": lambda w: w.trade(client_secret=FOREIGN, grant_type="refresh_token"),
    "no grant": lambda w: w.trade(grant_type=CLIENT_SECRET),
    "a secret as client": lambda w: w.trade(client_id=CLIENT_SECRET, grant_type="refresh_token"),
    "authorize, wrongly": lambda w: w.call(f"/oauth/authorize/?client_id={CLIENT_SECRET}"),
    "frame": lambda w: w.call(f"/marketplace/app/{CLIENT_SECRET}/?auth={ACCESS}"),
    "key": lambda w: w.call("/_mock/portals", headers={"X-Mock-Bitrix-Key": KEY}),
    "wrong key": lambda w: w.call("/", headers={"X-Mock-Bitrix-Key": FOREIGN, "Host": "a.test"}),
    "foreign page": lambda w: w.control("GET", f"/tokens/{ACCESS}", Origin=f"http://{KEY}"),
    "tokens": lambda w: w.control("POST", f"/tokens/{EXPIRED}/expire", {}),
    "no such token": lambda w: w.control("DELETE", f"/tokens/{FOREIGN}"),
    "token twice": lambda w: w.control("POST", "/tokens", {"access_token": ACCESS}),
    "wrong token": lambda w: w.control("POST", "/tokens", {"access_token": f"{ACCESS} ?"}),
    "portal twice": lambda w: w.call(
        "/_mock/portals", json={"webhooks": [{"user": 1, "secret": WEBHOOK}]}
    ),
    "broken control": lambda w: w.body("/_mock/portals", JSON, f'{{"secret": "{WEBHOOK}'),
    "crash in control": lambda w: w.call("/_mock/environment"),
    "crash in a call": lambda w: w.call(f"/rest/fail.call?auth={ACCESS}&x={REFRESH}"),
    "crash in a batch": lambda w: w.call(
        f"/rest/batch?auth={ACCESS}&cmd[a]=fail.call%3Fx={KEY}&cmd[b]=fail.database"
    ),
    "crash in the database": lambda w: w.call(f"/rest/fail.database?auth={ACCESS}"),
    "crash elsewhere": lambda w: w.call(f"/rest/fail.thread?auth={ACCESS}"),
    "broken database": _break_database,
    "deliveries": lambda w: w.call(f"/rest/1/{WEBHOOK}/crm.lead.add", json={"fields": {}}),
    "faults": _fault,
    "connect": _connect(f"CONNECT user:{KEY}@a.test:443 HTTP/1.1"),
    "connect, with a password": _connect(
        f"CONNECT foreign.test:443 HTTP/1.1\r\nProxy-Authorization: Basic {KEY}"
    ),
    "plain, by the proxy": _connect(f"GET http://foreign.test/rest/1/{WEBHOOK}/m HTTP/1.1"),
    "no connect": _connect(f"CONNECT {KEY} {WEBHOOK} {ACCESS}"),
    "no proxying": _connect(f"GET /rest/1/{WEBHOOK}/profile?auth={ACCESS} HTTP/1.1"),
}
