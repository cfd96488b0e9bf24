"""What an application is told when its frame opens: by a form, and by the page around it."""

from __future__ import annotations

import json
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from mock_bitrix.frame.store import Frame
from mock_bitrix.frame.visit import Visit, address_of
from mock_bitrix.portal.addresses import places
from mock_bitrix.portal.model import Portal, Token
from mock_bitrix.tls.hosts import Hosts


class Door(NamedTuple):
    """By which the browser came in. `domain`: with its port; `protocol`: "1" for https."""

    domain: str
    protocol: str


def door(portal: Portal, address: str, hosts: Hosts) -> Door:
    """The door of a portal that is reached by `address`, such as `http://127.0.0.1:8024`."""
    protocol = "1" if address.startswith("https:") else "0"
    return Door(places(portal, address, hosts).portal_host, protocol)


def opening(visit: Visit, frame: Frame, at: Door) -> dict[str, object]:
    """How the page opens a frame: the iframe's name, a form's address and fields.

    `origin` is the only one that the page listens to, and answers.
    """
    portal, application, _ = visit
    address = address_of(application)
    query = {
        "DOMAIN": at.domain,
        "PROTOCOL": at.protocol,
        "LANG": portal.language,
        "APP_SID": frame.app_sid,
    }
    return {
        "app_sid": frame.app_sid,
        "name": f"{at.domain}|{at.protocol}|{frame.app_sid}",
        "title": application.name or application.client_id,
        "origin": origin_of(address),
        "action": _extended(address, query),
        "fields": {
            **tokens(frame.token, portal),
            "member_id": portal.member_id,
            "status": application.status,
            "PLACEMENT": frame.placement,
            "PLACEMENT_OPTIONS": json.dumps(frame.options),
        },
    }


def tokens(token: Token, portal: Portal) -> dict[str, object]:
    """Tokens as a frame gets them; AUTH_EXPIRES in seconds from now."""
    assert token.expires is not None, "a frame's tokens end"
    return {
        "AUTH_ID": token.access_token,
        "REFRESH_ID": token.refresh_token,
        "AUTH_EXPIRES": max(0, round(token.expires - portal.clock.now())),
    }


def origin_of(address: str) -> str:
    """Scheme, host and port as browsers name them: in lower case, without the usual port."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    named = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}[parts.scheme]
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return f"{parts.scheme}://{named}{port}"


def _extended(address: str, query: dict[str, str]) -> str:
    parts = urlsplit(address)
    joined = "&".join(filter(None, [parts.query, urlencode(query)]))
    return parts._replace(query=joined, fragment="").geturl()
