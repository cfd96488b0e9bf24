"""The door for a browser on another machine: it shows the control key once, and gets a cookie."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from mock_bitrix.console import frame
from mock_bitrix.console.html import element, void
from mock_bitrix.console.pieces import field, text
from mock_bitrix.control import session
from mock_bitrix.control.guard import is_foreign

PATH = "/console/sign-in"
OUT = "/console/sign-out"

LARGEST = 8 * 1024
"""Bytes of a form with a key in it."""

_OWN = re.compile(r"/(console/[A-Za-z0-9_./-]*)?(\?[^#\\\s]*)?")
"""A page of the console, to which the way leads on."""


class Door:
    """Asks for the key, takes it, and forgets that it was given."""

    def __init__(self, key: str | None) -> None:
        self._key = key

    async def ask(self, request: Request) -> Response:
        """The page that asks for the key."""
        if request.url.path.startswith(("/console/files/", OUT)):
            return Response(status_code=403)
        query = f"?{request.url.query}" if request.url.query else ""
        onwards = "/" if request.url.path == PATH else request.url.path + query
        return _asking(onwards)

    async def enter(self, request: Request) -> Response:
        """The key is given: a cookie and the page that was wanted, or the question again."""
        given = await _form(request)
        if given is None or _is_foreign(request):
            return Response("Only the console's own page may send this.", 403)
        onwards = given.get("next", "/")
        if not session.is_key(given.get("key", ""), self._key):
            return _asking(onwards, wrong=True)
        answer = RedirectResponse(_own(onwards), 303)
        secure = request.url.scheme == "https"
        answer.headers["set-cookie"] = session.cookie(str(self._key), secure=secure)
        return answer

    async def leave(self, request: Request) -> Response:
        """The cookie is taken back."""
        if _is_foreign(request):
            return Response("Only the console's own page may send this.", 403)
        answer = RedirectResponse(PATH, 303)
        answer.headers["set-cookie"] = session.no_cookie(secure=request.url.scheme == "https")
        return answer


def _asking(onwards: str, *, wrong: bool = False) -> Response:
    told = element("p", "That is not the key.", id_="wrong", class_="bad", role="alert")
    given = text("key", type="password", required=True, autofocus=True,
                 autocomplete="current-password", aria_invalid="true" if wrong else None,
                 aria_describedby="wrong" if wrong else None)  # fmt: skip
    form = element(
        "form",
        told if wrong else "",
        field("Control key", given, hint="the value of --control-key"),
        void("input", type="hidden", name="next", value=_own(onwards)),
        element("button", "Sign in"),
        method="post",
        action=PATH,
        class_="bar",
    )
    why = "The console is for the server's own machine, or for whoever has the control key."
    shown = frame.page("Sign in · mock-bitrix", element("h1", "Sign in"), element("p", why), form)
    return HTMLResponse(shown, 403, headers=frame.HEADERS)


async def _form(request: Request) -> dict[str, str] | None:
    """The fields of a form; None where it is too large or breaks off."""
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                return None
    except ClientDisconnect:
        return None
    given = parse_qs(body.decode("latin-1"), encoding="utf-8", errors="replace")
    return {name: values[0] for name, values in given.items()}


def _own(onwards: str) -> str:
    return onwards if _OWN.fullmatch(onwards) and "//" not in onwards.partition("?")[0] else "/"


def _is_foreign(request: Request) -> bool:
    return is_foreign(request.headers.get("origin"), request.headers.get("host", ""))
