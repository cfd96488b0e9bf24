"""An open frame without a browser: the page is read, and its commands are sent as it would."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import httpx

from tests.support import TestPortal, install_portal

HANDLER = "http://127.0.0.1:9000/app?from=fixture"
FRAMED: dict[str, Any] = {"scope": ["crm", "user"], "tokens": [{"user": 1}], "handler_url": HANDLER}


def framed_portal(portal: TestPortal, users: Any = None, **application: Any) -> TestPortal:
    """A portal of its own whose application has a handler_url, and whatever else is said."""
    document = {"apps": [{**FRAMED, **application}], **({"users": users} if users else {})}
    return install_portal(portal.server, portal.http, document)


@dataclass(frozen=True)
class Opened:
    """A frame that a page has opened, as the page knows it."""

    portal: TestPortal
    known: dict[str, Any]
    html: str

    def send(self, command: str, params: Any = None, **headers: str) -> httpx.Response:
        """Send a command as the page does."""
        body = {"app_sid": self.known["app_sid"], "params": params}
        return send(self.portal, command, body, **headers)

    def result(self, command: str, params: Any = None) -> Any:
        answer = self.send(command, params)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]


def send(portal: TestPortal, command: str, body: Any, **headers: str) -> httpx.Response:
    url = portal.server.url
    given = {"origin": url, "content-type": "application/json", **headers}
    content = body if isinstance(body, bytes) else json.dumps(body)
    return portal.http.post(f"{url}/marketplace/frame/{command}", content=content, headers=given)


def look(portal: TestPortal, query: str = "", host: str | None = None) -> httpx.Response:
    """Ask for the page of the portal's application."""
    headers = {"host": host} if host else {}
    url = f"{portal.server.url}/marketplace/app/{portal.client_id}/{query}"
    return portal.http.get(url, headers=headers)


def open_page(portal: TestPortal, query: str = "") -> Opened:
    """Open the page of the portal's application."""
    answer = look(portal, query)
    assert answer.status_code == 200, reason(answer)
    data = re.search(r'<script type="application/json" id="opened">(.*?)</script>', answer.text)
    assert data is not None
    return Opened(portal, json.loads(data[1]), answer.text)


def reason(answer: httpx.Response) -> str:
    """Why the page shows nothing."""
    text = re.search("<h1>Nothing to see</h1>\n<p>(.*?)</p>", answer.text)
    return unescape(text[1]) if text else answer.text
