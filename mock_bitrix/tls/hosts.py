"""Whose names the emulator may take: portals and the authorisation servers, nobody else's."""

from __future__ import annotations

AUTHORISATION_HOSTS = ("oauth.bitrix.info", "oauth.bitrix24.tech", "oauth.bitrix24.com")
PORTAL_SUFFIX = ".bitrix24.test"
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


def plain_host(host: str) -> str:
    """A host name as it is compared: lower case, no brackets, no dot at the end."""
    return host.lower().strip("[]").rstrip(".")


def always_emulated(host: str) -> bool:
    """Whether a host is the emulator's in every run: authorisation servers, `*.bitrix24.test`.

    Portals with a domain of another kind are known to the portals' room only.
    """
    name = plain_host(host)
    return name in AUTHORISATION_HOSTS or name.endswith(PORTAL_SUFFIX)
