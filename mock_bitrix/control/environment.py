"""What a client needs to call the default portal: for `mock-bitrix env` and `run`."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from mock_bitrix.control.common import CameBy, House
from mock_bitrix.emulator import Emulator
from mock_bitrix.portal.model import Application, Portal, Token

MOST_TOKENS = 100
"""Tokens among which the administrator's is looked for."""

router = APIRouter()


class Environment(BaseModel):
    """How the server and its default portal are called. What there is none of, is null."""

    url: str = Field(description="The server, as this call reached it")
    domain: str | None = Field(None, description="The host for clients that put https:// before it")
    client_endpoint: str
    client_id: str | None = None
    client_secret: str | None = None
    access_token: str | None = None
    refresh_token: str | None = None
    webhook: str | None = None
    proxy_url: str | None = Field(None, description="The proxy of --proxy-port")
    authority: str | None = Field(None, description="The authority to trust for https, as PEM")


@router.get("/environment")
def environment(emulator: House, address: CameBy) -> Environment:
    """What a client needs to call the default portal, with an administrator's token."""
    portal = emulator.directory.revised().default()
    known = {} if portal is None else _credentials(emulator, portal, address)
    by_name = emulator.proxy_url is not None and portal is not None
    return Environment(
        url=address,
        domain=portal.domain if by_name and portal else address.partition("://")[2],
        client_endpoint=f"{address}/rest/",
        proxy_url=emulator.proxy_url,
        authority=emulator.authority,
        **known,
    )


def _credentials(emulator: Emulator, portal: Portal, address: str) -> dict[str, str | None]:
    directory = emulator.directory
    found: dict[str, str | None] = {}
    for webhook in directory.webhooks(portal)[:1]:
        found["webhook"] = f"{address}/rest/{webhook.user_id}/{webhook.secret}/"
    applications = directory.applications(portal)[:1]
    granted = directory.some_tokens(portal, MOST_TOKENS)
    if granted:
        application, token = max(granted, key=lambda each: _use(emulator, portal, each))
        found["access_token"], found["refresh_token"] = token.access_token, token.refresh_token
        applications = [application]
    for application in applications:
        found |= {"client_id": application.client_id, "client_secret": application.client_secret}
    return found


def _use(
    emulator: Emulator, portal: Portal, granted: tuple[Application, Token]
) -> tuple[bool, bool, int]:
    """How much one can do with a token: an administrator's first, one that can be refreshed."""
    application, token = granted
    user = emulator.directory.user(portal, token.user_id)
    return bool(user and user.admin), token.refresh_token is not None, -application.id
