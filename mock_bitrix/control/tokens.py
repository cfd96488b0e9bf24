"""Tokens: issuing, expiring, revoking."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from mock_bitrix.control.bodies import Raw, takes, understood
from mock_bitrix.control.common import House, application_named, portal_named, reply
from mock_bitrix.control.problems import NotThere, Wrong
from mock_bitrix.emulator import Emulator
from mock_bitrix.php.dates import iso
from mock_bitrix.portal.document import Part
from mock_bitrix.portal.kinds import Number, Plain, UserId
from mock_bitrix.portal.model import Application, Portal, Token
from mock_bitrix.portal.tokens import Tokens

router = APIRouter(tags=["tokens"])


class Wanted(Part):
    """For whom a token is to speak, and how long."""

    client_id: str | None = Field(None, description="Default: the portal's only application")
    user: UserId = Field(1, description="Id of the user")
    expires_in: Number | None = Field(
        None, ge=0, le=1e9, description="Seconds; null: never; default: as the portal's tokens"
    )
    access_token: Plain | None = Field(None, description="Default: generated")
    refresh_token: Plain | None = Field(None, description="Default: generated")


class Issued(BaseModel):
    """A token."""

    client_id: str
    user: int
    access_token: str
    refresh_token: str | None
    expires: datetime | None = Field(description="null: never")


@router.post(
    "/portals/{portal}/tokens",
    status_code=201,
    response_model=Issued,
    openapi_extra=takes(Wanted),
)
def issue_token(emulator: House, portal: str, body: Raw) -> Response:
    """Issue an access token with a refresh token, as OAuth would."""
    wanted = understood(body, Wanted)
    target = portal_named(emulator, portal)
    application = application_named(emulator, target, wanted.client_id)
    if emulator.directory.user(target, wanted.user) is None:
        raise Wrong(("user",), f"{wanted.user} is no user of the portal")
    token = _issued(emulator, target, application, wanted)
    return reply(_shown(target, application, token), 201)


@router.delete("/portals/{portal}/tokens/{token}", status_code=204)
def revoke_token(emulator: House, portal: str, token: str) -> Response:
    """Forget an access token and its refresh token: calls with it get invalid_token."""
    if not Tokens(emulator.database, portal_named(emulator, portal)).revoke(token):
        raise NotThere("token", token)
    return Response(status_code=204)


@router.post("/portals/{portal}/tokens/{token}/expire", response_model=Issued)
def expire_token(emulator: House, portal: str, token: str) -> Response:
    """End an access token now: calls with it get expired_token. Its refresh token stays."""
    target = portal_named(emulator, portal)
    if not Tokens(emulator.database, target).expire(token):
        raise NotThere("token", token)
    grant = emulator.directory.revised().grant(token)
    assert grant is not None
    return reply(_shown(target, grant.application, grant.token))


def _issued(emulator: Emulator, portal: Portal, application: Application, wanted: Wanted) -> Token:
    tokens = Tokens(emulator.database, portal)
    lifetime = wanted.expires_in
    if "expires_in" not in wanted.model_fields_set:
        lifetime = portal.expires_in
    with emulator.database.transaction():
        expires = None if lifetime is None else portal.clock.now() + lifetime
        token = tokens.made(wanted.user, expires)
        token = replace(
            token,
            access_token=wanted.access_token or token.access_token,
            refresh_token=wanted.refresh_token or token.refresh_token,
        )
        if tokens.is_taken(token.access_token, token.refresh_token):
            name = "access_token" if wanted.access_token else "refresh_token"
            raise Wrong((name,), "is taken already; it must be unique in a server")
        tokens.keep(application, token)
        emulator.database.raise_growth()
    return token


def _shown(portal: Portal, application: Application, token: Token) -> dict[str, object]:
    expires = None if token.expires is None else iso(token.expires, portal.zone)
    return {
        "client_id": application.client_id,
        "user": token.user_id,
        "access_token": token.access_token,
        "refresh_token": token.refresh_token,
        "expires": expires,
    }
