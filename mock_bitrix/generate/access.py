"""With which credentials a stream of changes goes into a portal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mock_bitrix.generate.client import Client, Refused
from mock_bitrix.settings import SettingError


@dataclass(frozen=True, slots=True)
class Access:
    """Whose calls make the changes: a webhook's for everybody, an application's for its echoes.

    `webhook`: its path below the server, such as `/rest/1/secret`. `token` None: no echoes.
    `connector`: under which the application has bound its queue.
    """

    webhook: str
    token: str | None
    connector: str


def access_of(client: Client, portal: str, key: str = "") -> Access:
    """The credentials of a portal (member_id or `default`), asked of the control API.

    Raises `SettingError` where there are none.
    """
    headers = {"X-Mock-Bitrix-Key": key} if key else {}
    try:
        document = client.get(f"/_mock/portals/{portal}", **headers)
    except (OSError, Refused) as error:
        raise SettingError(f"can't ask the server for portal {portal}: {error}") from error
    return access_in(document)


def access_in(document: dict[str, Any]) -> Access:
    """The credentials in a portal's document: its first webhook, and its first application."""
    webhooks = document.get("webhooks") or []
    if not webhooks:
        raise SettingError("the portal has no webhook; the changes are made by its first one")
    path = f"/rest/{webhooks[0].get('user', 1)}/{webhooks[0]['secret']}"
    for application in document.get("apps") or []:
        for token in application.get("tokens") or []:
            return Access(path, token["access_token"], _connector(application))
    return Access(path, None, "")


def _connector(application: dict[str, Any]) -> str:
    for binding in application.get("bindings") or []:
        if binding.get("type") == "offline":
            return str(binding.get("auth_connector", ""))
    return ""
