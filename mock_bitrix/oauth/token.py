"""`/oauth/token/`: codes and refresh tokens become tokens (protocol B.9.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from mock_bitrix.journal.trades import METHOD, Traded, record_trade
from mock_bitrix.php.values import Value, is_array, to_text
from mock_bitrix.portal.addresses import Places, came_by, places, without_port
from mock_bitrix.portal.model import Application, Portal, Token
from mock_bitrix.portal.scopes import with_aliases
from mock_bitrix.portal.tokens import (
    Promise,
    Tokens,
    promise_of_code,
    promise_of_refresh_token,
)
from mock_bitrix.rest import errors, reply
from mock_bitrix.rest.failures import refusal_of
from mock_bitrix.rest.request import Address, Request, parameters_of
from mock_bitrix.storage.database import Database

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator

NO_STORE: reply.Headers = [(b"cache-control", b"no-store")]
SCOPE = "app"
"""What every recorded answer says; the application's real scope is in events only."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A kind of grant: the parameter that holds what is traded, how it is looked up and spent."""

    parameter: str
    find: Callable[[Database, str], Promise | None]
    trade: Callable[[Tokens, str, Application, int], Token | None]


GRANTS = {
    "authorization_code": Grant("code", promise_of_code, Tokens.redeem),
    "refresh_token": Grant("refresh_token", promise_of_refresh_token, Tokens.refresh),
}


class Installation(NamedTuple):
    """An application in one of the portals that have it."""

    portal: Portal
    application: Application


def answer(emulator: Emulator, request: Request) -> reply.Reply:
    """Answer a call of the token endpoint."""
    try:
        given = parameters_of(request, Address(None, "json"))
        return reply.success(_traded(emulator, request, given), "json", NO_STORE)
    except Exception as failure:
        refused = reply.refusal(refusal_of(failure), "json", NO_STORE)
        emulator.journal.mention_refused(METHOD, refused.status, refused.body)
        return refused


def _traded(emulator: Emulator, request: Request, given: dict[str, Value]) -> dict[str, object]:
    grant = GRANTS.get(_required(given, "grant_type"))
    if grant is None:
        raise errors.InvalidOAuthRequest(name="grant_type")
    clients = _clients(emulator, request, given)
    offered = _required(given, grant.parameter)
    promise = grant.find(emulator.database, offered)
    portal, application = _promised_to(promise, clients)
    assert promise is not None
    _check(portal, application, promise, given)
    token = grant.trade(Tokens(emulator.database, portal), offered, application, promise.user_id)
    if token is None:
        raise errors.InvalidGrant
    address = came_by(request.scheme, request.host, emulator.url)
    told = _told(token, application, places(portal, address, emulator.hosts), portal)
    record_trade(emulator, Traded(portal, application, promise), given, told)
    return told


def _clients(emulator: Emulator, request: Request, given: dict[str, Value]) -> list[Installation]:
    """The installations that the credentials fit: an application may be in many portals."""
    directory = emulator.directory.revised()
    found = directory.installations(_required(given, "client_id"))
    if not found:
        raise errors.WrongClient
    secret = _required(given, "client_secret")
    fitting = [Installation(*each) for each in found if each[1].client_secret == secret]
    if not fitting:
        raise errors.InvalidClient
    asked = directory.by_domain(without_port(request.host))
    return [each for each in fitting if asked is None or each.portal.id == asked.id]


def _promised_to(promise: Promise | None, clients: list[Installation]) -> Installation:
    for installation in clients:
        if promise is not None and installation.application.id == promise.application_id:
            return installation
    raise errors.InvalidGrant


def _check(
    portal: Portal, application: Application, promise: Promise, given: dict[str, Value]
) -> None:
    if promise.expires is not None and promise.expires <= portal.clock.now():
        raise errors.InvalidGrant
    if not application.active:
        raise errors.NotInstalled
    if application.payment_expired:
        raise errors.GrantPaymentRequired
    wanted = set(filter(None, _text(given, "scope").replace(",", " ").split()))
    if not wanted <= {SCOPE, *with_aliases(application.scope)}:
        raise errors.ScopeExceeded


def _told(
    token: Token, application: Application, told: Places, portal: Portal
) -> dict[str, object]:
    assert token.expires is not None
    return {
        "access_token": token.access_token,
        "expires": int(token.expires),
        "expires_in": portal.expires_in,
        "scope": SCOPE,
        "domain": told.domain,
        "server_endpoint": told.server_endpoint,
        "status": application.status,
        "client_endpoint": told.client_endpoint,
        "member_id": portal.member_id,
        "user_id": token.user_id,
        "refresh_token": token.refresh_token,
    }


def _required(given: dict[str, Value], name: str) -> str:
    value = _text(given, name)
    if not value:
        raise errors.ParameterMissing(name=name)
    return value


def _text(given: dict[str, Value], name: str) -> str:
    value = given.get(name)
    return "" if value is None or is_array(value) else to_text(value)
