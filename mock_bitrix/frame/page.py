"""The page around an application, and the page that says why there is none."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from html import escape
from pathlib import Path
from string import Template

from mock_bitrix.frame.store import Frame
from mock_bitrix.frame.visit import Visit
from mock_bitrix.portal.model import User

STATIC = Path(__file__).with_name("static")

HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    # Text from fixtures never runs: scripts and styles are files of our own.
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src data:; frame-src http: https:; form-action http: https:; "
        "base-uri 'none'; frame-ancestors 'self'"
    ),
}


def shown(visit: Visit, frame: Frame, users: Iterable[User], opened: dict[str, object]) -> str:
    """The page with a frame in it. `users`: who else could look; `opened`: how the frame opens."""
    portal, application, user = visit
    return _template("page.html").substitute(
        title=escape(application.name or application.client_id),
        domain=escape(portal.domain),
        users="\n".join(_option(each, user) for each in users),
        placement=escape(frame.placement),
        placement_options=escape(json.dumps(frame.options)),
        opened=_as_data(opened),
    )


def refused(reason: str) -> str:
    """The page that says why there is nothing to see."""
    return _template("refused.html").substitute(reason=escape(reason))


def _option(user: User, chosen: User) -> str:
    name = f"{user.name} {user.last_name}".strip() or "User"
    kind = ", administrator" if user.admin else ""
    selected = " selected" if user.id == chosen.id else ""
    return f'<option value="{user.id}"{selected}>{escape(name)} ({user.id}{kind})</option>'


def _as_data(value: object) -> str:
    """JSON that can stand in a script element: nothing in it ends the element."""
    return json.dumps(value).replace("<", "\\u003c")


@functools.cache
def _template(name: str) -> Template:
    return Template((STATIC / name).read_text(encoding="utf-8"))
