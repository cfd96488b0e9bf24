"""What a handler is sent: the fields of protocol G.4, with tokens that work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mock_bitrix.events.hit import Call
from mock_bitrix.events.issuing import issue, places_of
from mock_bitrix.php import brackets
from mock_bitrix.portal.model import Application, Token

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


def letters_of(emulator: Emulator, calls: Iterable[Call]) -> list[Letter]:
    """The letters of one hit. Tokens are issued here: what a letter says works when it comes."""
    writer = _Writer(emulator)
    return [writer.letter(call) for call in calls]


class _Writer:
    """Writes the letters of one hit; those for the same user of an application share a token."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
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
        places = places_of(self._emulator, portal, happening.address)
        if application is None:
            return {
                "domain": places["domain"],
                "client_endpoint": places["client_endpoint"],
                "server_endpoint": places["server_endpoint"],
                "member_id": portal.member_id,
                "application_token": binding.application_token,
            }
        known = happening.event not in WITHOUT_APPLICATION_TOKEN
        return {
            **self._shown(call, application, places),
            "application_token": application.application_token if known else None,
        }

    def _shown(
        self, call: Call, application: Application, places: dict[str, str]
    ) -> dict[str, object]:
        portal, happening = call.portal, call.happening
        token = self._token(call, application)
        if token is None:
            return {**places, "member_id": portal.member_id}
        renewable = happening.event in WITH_REFRESH_TOKEN
        return {
            "access_token": token.access_token,
            "expires": int(token.expires or portal.clock.now() + portal.expires_in),
            "expires_in": portal.expires_in,
            "scope": ",".join(application.scope),
            "domain": places["domain"],
            "server_endpoint": places["server_endpoint"],
            "status": application.status,
            "client_endpoint": places["client_endpoint"],
            "member_id": portal.member_id,
            "user_id": token.user_id,
            "refresh_token": token.refresh_token if renewable else None,
        }

    def _token(self, call: Call, application: Application) -> Token | None:
        """A token of the acting user (protocol G.1); None where there is nobody to speak for."""
        portal, due, happening = call
        user_id = due.binding.user_id or happening.user_id
        user = self._emulator.directory.user(portal, user_id)
        if happening.event in WITHOUT_TOKENS or user is None or not user.active:
            return None
        key = (application.id, user_id)
        if happening.event in WITH_REFRESH_TOKEN or key not in self._tokens:
            self._tokens[key] = issue(self._emulator, portal, application, user_id)
        return self._tokens[key]
