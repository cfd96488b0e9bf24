"""Helpers of the console's tests: rows for a portal, and what a page shows."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from mock_bitrix.testing.control import Control, PortalControl

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def path_of(made: PortalControl) -> str:
    """The portal's page."""
    return f"{made.transport.url}/console/{made.name}"


def put(made: PortalControl, *numbers: int, **more: Any) -> None:
    """Rows of new leads with these ids."""
    row = {"event": "ONCRMLEADADD", "client_id": "local.app", **more}
    made.put(*({**row, "id": each, "data": {"FIELDS": {"ID": each}}} for each in numbers))


def ids(page: str) -> list[int]:
    """The ids of the rows that a page shows, in its order."""
    return [int(each) for each in re.findall(r'<tr id="row-(\d+)">', page)]


def text_of(page: str, start: str = "", end: str = "\0") -> str:
    """What a page says between two marks in its HTML."""
    inside = (page.partition(start)[2] if start else page).partition(end)[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", inside)).split())


def section(page: str, place: str) -> str:
    """One section of a portal's page, in HTML."""
    return page.partition(f'<section id="{place}"')[2].partition("</section>")[0]


def hostile_portal(url: str) -> PortalControl:
    """A portal in which whatever may be any text is hostile."""
    app = {
        "client_id": "local.app",
        "name": HOSTILE,
        "scope": ["crm"],
        "tokens": [{"user": 1}],
        "bindings": [
            {"event": "ONCRMLEADADD", "type": "offline", "auth_connector": HOSTILE},
            {"event": "ONCRMLEADADD", "handler": f"http://127.0.0.1:9/{HOSTILE}"},
        ],
        "queue": [
            {
                "event": "ONCRMLEADADD",
                "data": {HOSTILE: "javascript:alert(1)"},
                "additional": HOSTILE,
                "auth_connector": HOSTILE,
                "message_id": HOSTILE[:40],
                "process_id": HOSTILE[:40],
            },
        ],
    }  # fmt: skip
    return Control(url).create({"apps": [app]})


def token_of(made: PortalControl) -> str:
    """The application's access token."""
    return str(made.document["apps"][0]["tokens"][0]["access_token"])
