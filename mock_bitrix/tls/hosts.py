"""Whose names the emulator may take: portals, authorisation servers, the host of the script."""

from __future__ import annotations

from dataclasses import dataclass

AUTHORISATION_HOSTS = ("oauth.bitrix.info", "oauth.bitrix24.tech", "oauth.bitrix24.com")
SCRIPT_HOSTS = ("api.bitrix24.com", "api.bitrix24.tech")
"""From which the pages of applications load `/api/v1/`."""

PORTAL_SUFFIX = ".bitrix24.test"
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


def plain_host(host: str) -> str:
    """A host name as it is compared: lower case, no brackets, no dot at the end."""
    return host.lower().strip("[]").rstrip(".")


@dataclass(frozen=True, slots=True)
class Hosts:
    """The names that are the emulator's in every run. `further`: authorisation servers by option.

    Portals with a domain of another kind are known to the portals' room only.
    """

    further: tuple[str, ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        """Those that can be counted: authorisation servers and hosts of the script."""
        return (*AUTHORISATION_HOSTS, *map(plain_host, self.further), *SCRIPT_HOSTS)

    def authorises(self, host: str) -> bool:
        """Whether a host is one of the authorisation servers'."""
        name = plain_host(host)
        return name in AUTHORISATION_HOSTS or name in map(plain_host, self.further)

    def emulates(self, host: str) -> bool:
        """Whether a host is the emulator's: one of `named`, or `*.bitrix24.test`."""
        return plain_host(host).endswith(PORTAL_SUFFIX) or plain_host(host) in self.named


DEFAULT_HOSTS = Hosts()
"""Those of a server to which no option gives more."""
