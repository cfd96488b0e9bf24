"""Tokens that go out with events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_bitrix.portal.addresses import places
from mock_bitrix.portal.model import Application, Portal, Token
from mock_bitrix.portal.tokens import Tokens

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator


def issue(emulator: Emulator, portal: Portal, application: Application, user_id: int) -> Token:
    """A new pair of tokens for a user of an application."""
    return Tokens(emulator.database, portal).issue(application, user_id)


def places_of(emulator: Emulator, portal: Portal, address: str) -> dict[str, str]:
    """Where the portal and its authorisation server are reached, as a client is told."""
    told = places(portal, address or emulator.url or f"https://{portal.domain}")
    return {
        "domain": told.portal_host,
        "server_endpoint": told.server_endpoint,
        "client_endpoint": told.client_endpoint,
    }
