"""What a handler is sent: the fields of protocol G.4, with tokens that work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mock_bitrix.events.hit import Call
from mock_bitrix.php import brackets
from mock_bitrix.portal.addresses import places
from mock_bitrix.portal.model import Application, Portal, Token
from mock_bitrix.portal.tokens import Tokens

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator

WITHOUT_TOKENS = {"ONAPPUNINSTALL", "ONAPPPAYMENT", "ONAPPMETHODCONFIRM"}  # protocol G.6
WITHOUT_APPLICATION_TOKEN = {"ONAPPPAYMENT"}
WITH_REFRESH_TOKEN = {
    "ONAPPINSTALL",
    "ONAPPUPDATE",
    "ONAPPUSERREADY",
    "ONAPPTEST",
    "ONOFFLINEEVENT",
    "ONSUBSCRIPTIONRENEW",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A request to a handler, ready to be sent. `at`: the portal's time, seconds since 1970."""

    portal_id: int
    client_id: str
    event: str
    handler: str
    body: str
    at: float


def letters_of(emulator: Emulator, address: str, calls: Iterable[Call]) -> list[Letter]:
    """The letters of one hit. Tokens are issued here: what a letter says works when it comes.

    `address`: by which the caller came; empty: nobody called.
    """
    writer = _Writer(emulator, address or emulator.url)
    return [writer.letter(call) for call in calls]


class _Writer:
    """Writes the letters of one hit; those for the same user of an application share a token."""

    def __init__(self, emulator: Emulator, address: str) -> None:
        self._emulator = emulator
        self._address = address
        self._tokens: dict[tuple[int, int], Token] = {}

    def letter(self, call: Call) -> Letter:
        portal, due, happening = call
        now = portal.clock.now()
        fields = {
            "event": happening.event,
            "event_handler_id": due.binding.id,
            "data": happening.data or None,
            "ts": int(now),
            "auth": self._auth(call),
        }
        handler = due.binding.handler
        body = brackets.build(fields)
        return Letter(portal.id, due.client_id, happening.event, handler, body, now)

    def _auth(self, call: Call) -> dict[str, object]:
        portal, (binding, application), happening = call
        place = self._place(portal)
        if application is None:
            return {
                "domain": place["domain"],
                "client_endpoint": place["client_endpoint"],
                "server_endpoint": place["server_endpoint"],
                "member_id": portal.member_id,
                "application_token": binding.application_token,
            }
        known = happening.event not in WITHOUT_APPLICATION_TOKEN
        return {
            **self._granted(call, application, place),
            "application_token": application.application_token if known else None,
        }

    def _granted(
        self, call: Call, application: Application, place: dict[str, str]
    ) -> dict[str, object]:
        portal, event = call.portal, call.happening.event
        token = self._token(call, application)
        if token is None:
            return {**place, "member_id": portal.member_id}
        return {
            "access_token": token.access_token,
            "expires": int(token.expires or 0),
            "expires_in": portal.expires_in,
            "scope": ",".join(application.scope),
            "domain": place["domain"],
            "server_endpoint": place["server_endpoint"],
            "status": application.status,
            "client_endpoint": place["client_endpoint"],
            "member_id": portal.member_id,
            "user_id": token.user_id,
            "refresh_token": token.refresh_token if event in WITH_REFRESH_TOKEN else None,
        }

    def _place(self, portal: Portal) -> dict[str, str]:
        found = places(portal, self._address or f"https://{portal.domain}", self._emulator.hosts)
        return {
            "domain": found.portal_host,
            "server_endpoint": found.server_endpoint,
            "client_endpoint": found.client_endpoint,
        }

    def _token(self, call: Call, application: Application) -> Token | None:
        """A token of the acting user (protocol G.1); None where there is nobody to speak for."""
        portal, due, happening = call
        user_id = due.binding.user_id or happening.user_id
        user = self._emulator.directory.user(portal, user_id)
        if happening.event in WITHOUT_TOKENS or user is None or not user.active:
            return None
        key = (application.id, user_id)
        refreshable = happening.event in WITH_REFRESH_TOKEN
        if refreshable or key not in self._tokens:
            tokens = Tokens(self._emulator.database, portal)
            self._tokens[key] = tokens.issue(application, user_id, refreshable=refreshable)
        return self._tokens[key]
