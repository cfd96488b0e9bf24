"""Whose names the emulator may take: portals and the authorisation servers, nobody else's."""

from __future__ import annotations

AUTHORISATION_HOSTS = ("oauth.bitrix.info", "oauth.bitrix24.tech", "oauth.bitrix24.com")
PORTAL_SUFFIX = ".bitrix24.test"
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


def plain_host(host: str) -> str:
    """A host name as it is compared: lower case, no brackets, no dot at the end."""
    return host.lower().strip("[]").rstrip(".")


def is_authorisation_host(host: str) -> bool:
    """Whether a host is one of the authorisation servers'."""
    return plain_host(host) in AUTHORISATION_HOSTS


def always_emulated(host: str) -> bool:
    """Whether a host is the emulator's in every run: authorisation servers, `*.bitrix24.test`.

    Portals with a domain of another kind are known to the portals' room only.
    """
    name = plain_host(host)
    return is_authorisation_host(name) or name.endswith(PORTAL_SUFFIX)
