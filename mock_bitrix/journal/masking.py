"""Hiding tokens and secrets from whoever reads the journal or a log."""

from __future__ import annotations

import re
from collections.abc import Collection

HIDDEN = "…"
SHOWN = 4
"""Characters of a secret that stay readable: enough to tell two apart."""

DEEPEST = 100
"""Arrays in each other that are shown: JSON is written to no more than 254, and read by nobody."""

LEAST = 8
"""Characters from which a secret is looked for wherever it may stand."""

_NAMES = (
    "auth",
    "access_token",
    "refresh_token",
    "application_token",
    "client_secret",
    "ap",
    "secret",
    "token",
    "code",
    "sessid",
    "auth_id",
    "refresh_id",
)
_IN_TEXT = re.compile(
    rf"((?:^|[?&\[\s\"']|%26)(?:{'|'.join(_NAMES)})(?:\]|%5D)?(?:=|%3D|\":\s*\"))([^&\s\"%]+)",
    re.IGNORECASE,
)
_WEBHOOK = re.compile(r"(/rest/[^/\s\"]+/)([A-Za-z0-9.]+)(?=/)")


def masked(value: object, depth: int = 0) -> object:
    """The value with everything hidden that stands under the name of a secret, or too deep."""
    if isinstance(value, str):
        return masked_text(value)
    if not isinstance(value, dict | list | tuple):
        return value
    if depth == DEEPEST:
        return HIDDEN
    if isinstance(value, dict):
        return {masked_text(str(key)): _under(key, item, depth) for key, item in value.items()}
    return [masked(item, depth + 1) for item in value]


def masked_text(text: str) -> str:
    """The text with secrets hidden that stand in it as in a query or an address."""
    if "=" in text or '"' in text or "%3" in text:
        text = _IN_TEXT.sub(lambda found: found[1] + hide(found[2]), text)
    return _WEBHOOK.sub(lambda found: found[1] + hide(found[2]), text) if "/rest/" in text else text


def hide(secret: str) -> str:
    """What stays of a secret."""
    return secret[:SHOWN] + HIDDEN if len(secret) >= 2 * SHOWN else HIDDEN


class Known:
    """Secrets known by their value, wherever they stand."""

    def __init__(self, secrets: Collection[str]) -> None:
        long = sorted((each for each in set(secrets) if len(each) >= LEAST), key=len, reverse=True)
        # PHP makes underscores of the dots in a parameter's name.
        patterns = (re.escape(each).replace(r"\.", "[._]") for each in long)
        self._pattern = re.compile("|".join(patterns).encode()) if long else None

    def masked(self, text: bytes) -> bytes:
        """The text without them."""
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda found: hide(found[0].decode()).encode(), text)


def _under(key: object, value: object, depth: int) -> object:
    if str(key).lower() in _NAMES and isinstance(value, str) and value:
        return hide(value)
    return masked(value, depth + 1)
