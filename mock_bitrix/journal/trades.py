"""Calls of the token endpoint, for the journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import orjson

from mock_bitrix.portal.model import Application, Portal
from mock_bitrix.portal.tokens import REFRESH_LIFETIME, Promise
from mock_bitrix.rest.call import Caller

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator

METHOD = "oauth/token"
EARLY = 300.0
"""Seconds: a refresh that leaves the old token longer than that was probably a mistake."""


class Traded(NamedTuple):
    """What was traded by whom."""

    portal: Portal
    application: Application
    promise: Promise


def record_trade(
    emulator: Emulator, traded: Traded, given: Mapping[str, object], told: Mapping[str, object]
) -> None:
    """Remember that an application has got new tokens for a code or a refresh token."""
    portal, application, promise = traded
    entry = emulator.journal.begin()
    user = emulator.directory.user(portal, promise.user_id)
    entry.portal_id, entry.at, entry.method = portal.id, portal.clock.now(), METHOD
    entry.known, entry.status, entry.parameters = True, 200, dict(given)
    entry.answer = orjson.dumps(told)
    entry.size = len(entry.answer)
    if user is not None:
        entry.caller = Caller(portal, user, frozenset(application.scope), application)
    if "refresh_token" in given and promise.expires is not None:
        entry.notes = _early(portal, promise.expires)
    emulator.journal.record(entry)


def _early(portal: Portal, refresh_ends: float) -> tuple[str, ...]:
    issued = refresh_ends - REFRESH_LIFETIME
    left = issued + portal.expires_in - portal.clock.now()
    if left <= EARLY:
        return ()
    return (f"refreshed {left:.0f} s before the end of the access token: keep it until then",)
