"""A browser that has shown the control key once: what its cookie holds instead of the key."""

from __future__ import annotations

import functools
import hashlib
import hmac

from starlette.requests import cookie_parser

NAME = "mock_bitrix_console"
"""The cookie."""

_ROUNDS = 200_000
"""So many that nobody finds a key by trying, even if somebody else's cookie falls to them."""


def is_key(given: str, key: str | None) -> bool:
    """Whether this is the control key; compared in a time that tells nothing."""
    return bool(key) and hmac.compare_digest(_bytes(given), _bytes(str(key)))


def is_session(cookies: str, key: str | None) -> bool:
    """Whether a header `Cookie` shows that the key was given before."""
    given = cookie_parser(cookies).get(NAME)
    return bool(key and given) and is_key(str(given), session_of(str(key)))


@functools.lru_cache(maxsize=8)
def session_of(key: str) -> str:
    """What the cookie holds: the same in each process of a server, and no way back to the key."""
    return hashlib.pbkdf2_hmac("sha256", _bytes(key), NAME.encode(), _ROUNDS).hex()


def cookie(key: str, *, secure: bool) -> str:
    """The header `Set-Cookie` for a browser that has shown the key. It ends with the browser."""
    return _header(session_of(key), secure)


def no_cookie(*, secure: bool) -> str:
    """The header `Set-Cookie` that ends it."""
    return _header("", secure) + "; Max-Age=0"


def _header(value: str, secure: bool) -> str:
    more = "; Secure" if secure else ""
    return f"{NAME}={value}; Path=/; HttpOnly; SameSite=Strict{more}"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
