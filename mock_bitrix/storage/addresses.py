"""A database's address as it may be shown."""

from __future__ import annotations

import re

_USER = re.compile(r"((?:^|//|[\s'\"])[^:@/\s]*):.*@")
_BEFORE_AT = re.compile(r"(?<=[\s'\"])[^\s'\":]*@")
_NAMED = re.compile(r"(\w*(?:pass|secret|key|token)\w*=)[^&\s]*", re.IGNORECASE)


def without_password(text: str) -> str:
    """An address, or a driver's complaint about one, with every password in it hidden.

    Well-formed or not: a password may hold any character, the `@` that ends it included.
    """
    return _NAMED.sub(r"\1***", _BEFORE_AT.sub("***@", _USER.sub(r"\1:***@", text)))
