"""What tests of client libraries share."""

from __future__ import annotations

from typing import Any

from mock_bitrix.portal.model import Application, Token
from tests.support import Json, TestPortal

EXAMPLE: dict[str, Any] = {
    "filter": {"=MESSAGE_ID": 1, "=EVENT_NAME": "ONCRMLEADADD", ">=ID": 1},
    "auth_connector": "BxTest",
}
"""The documentation's own example of event.offline.get."""

FIRST_ROW: Json = {
    "ID": "1",
    "TIMESTAMP_X": "2024-07-18T10:32:31+00:00",
    "EVENT_NAME": "ONCRMLEADADD",
    "EVENT_DATA": False,
    "EVENT_ADDITIONAL": False,
    "MESSAGE_ID": "1",
}
"""The event with which it answers, in a portal whose time zone is UTC."""


def put_documented_row(portal: TestPortal, auth_connector: str = "BxTest") -> None:
    """The row of the documentation's example."""
    portal.rows(
        [
            {
                "id": 1,
                "event": "ONCRMLEADADD",
                "data": False,
                "additional": False,
                "auth_connector": auth_connector,
                "message_id": "1",
                "timestamp": "2024-07-18T12:32:31+02:00",
            }
        ]
    )


def application_of(portal: TestPortal) -> Application:
    """The portal's application."""
    directory = portal.server.emulator.directory.revised()
    found = directory.portal(portal.id)
    assert found is not None
    return directory.applications(found)[0]


def token_of(portal: TestPortal, user_id: int = 1) -> Token:
    """A user's first token."""
    directory = portal.server.emulator.directory.revised()
    found = directory.portal(portal.id)
    assert found is not None
    return next(token for _, token in directory.some_tokens(found) if token.user_id == user_id)


def issue_token(portal: TestPortal, user_id: int = 1) -> Token:
    """A token as the authorisation server issues it: it expires, and can be refreshed."""
    from mock_bitrix.portal.tokens import Tokens

    emulator = portal.server.emulator
    found = emulator.directory.revised().portal(portal.id)
    assert found is not None
    return Tokens(emulator.database, found).issue(application_of(portal), user_id)


def expire(portal: TestPortal, token: Token) -> None:
    """End a token's life now."""
    from mock_bitrix.portal.tokens import Tokens

    emulator = portal.server.emulator
    found = emulator.directory.revised().portal(portal.id)
    assert found is not None
    assert Tokens(emulator.database, found).expire(token.access_token)


def add_fault(portal: TestPortal, fault: str, method: str, times: int) -> None:
    """Let calls fail, as the control API would."""
    from mock_bitrix.faults.store import Faults

    emulator = portal.server.emulator
    found = emulator.directory.revised().portal(portal.id)
    assert found is not None
    Faults(emulator.database, found).add(
        fault=fault, method=method, times=times, probability=1.0, delay=0.0, when="before"
    )
