"""A running server, and portals on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mock_bitrix.testing.control import Control
from mock_bitrix.testing.portal import Portal


class RunningServer:
    """A server that runs: in this process, in another, or on another machine.

    `key`: its control key, needed from another machine; default: `MOCK_BITRIX_CONTROL_KEY`.
    """

    def __init__(self, url: str, key: str | None = None) -> None:
        self.url = url.rstrip("/")
        self.key = key

    @property
    def control(self) -> Control:
        """Everything else that one can do to it."""
        return Control(self.url, self.key)

    def portal(self, document: Mapping[str, Any] | None = None, **parts: Any) -> Portal:
        """A new portal; `with` deletes it at the end.

        `document`: as in a fixture file; `parts`: single ones, which replace those of `document`.
        Without them: an administrator, an application with a token of theirs, a webhook.
        """
        given = {**(document or {}), **parts}
        given.setdefault("webhooks", _webhooks(given.get("users")))
        return Portal(self.control.create(given))

    def default_portal(self) -> Portal:
        """The portal that was there first: the demo, or the first fixture file's."""
        return Portal(self.control.portal())


def _webhooks(users: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """A webhook of the first administrator; of the one that is there by default."""
    if users is None:
        return [{}]
    return [{"user": user["id"]} for user in users if user.get("admin")][:1]
