"""Where clients are told to call: under the name by which the caller came.

An address is `scheme://host`, with the port where it isn't the scheme's usual one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from mock_bitrix.portal.model import Portal
from mock_bitrix.tls.hosts import Hosts

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?")
_USUAL_PORTS = {"http": ":80", "https": ":443"}

SERVER_DOMAIN = "oauth.bitrix.info"  # protocol B.9.1


@dataclass(frozen=True, slots=True)
class Places:
    """What a client is told of one portal.

    `domain`: the host that was asked. `portal_host`: the portal's own. `server_domain`: the
    authorisation server's. Endpoints end with a slash.
    """

    domain: str
    portal_host: str
    server_domain: str
    client_endpoint: str
    server_endpoint: str


@lru_cache(maxsize=64)
def came_by(scheme: str, host: str, known: str) -> str:
    """The address under which a caller came, by scheme and `Host` of the request.

    `known`: the server's own address. It stands in where `Host` names nothing, and gives the
    scheme where `Host` names it: a proxy before the server may have ended https.
    """
    named = _HOST.fullmatch(host.lower())
    if named is None:
        return known
    known_host = known.partition("://")[2]
    if host.lower() == known_host:
        return known
    return f"{scheme}://{named[0].removesuffix(_USUAL_PORTS.get(scheme, ' '))}"


def places(portal: Portal, address: str, hosts: Hosts) -> Places:
    """What a client that called by `address` is told of a portal."""
    host = address.partition("://")[2]
    if hosts.authorises(without_port(host)):
        return _seen_from_authorisation_server(portal, address, host)
    # Who calls a portal by its own name has a way to the authorisation server's name, too.
    by_name = without_port(host) == portal.domain
    return Places(
        domain=host,
        portal_host=host,
        server_domain=SERVER_DOMAIN if by_name else host,
        client_endpoint=f"{address}/rest/",
        server_endpoint=f"{address}/rest/",
    )


def _seen_from_authorisation_server(portal: Portal, address: str, host: str) -> Places:
    return Places(
        domain=host,
        portal_host=portal.domain,
        server_domain=host,
        client_endpoint=f"https://{portal.domain}/rest/",
        server_endpoint=f"{address}/rest/",
    )


@lru_cache(maxsize=64)
def without_port(host: str) -> str:
    """The name in a `Host` header: lower case, without port."""
    return re.sub(":[0-9]*$", "", host.lower())
