"""Server processes on one database that are killed and started again while clients call them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mock_bitrix.testing.control import Control, PortalControl
from tests.cli.program import Serving

EVENT = "ONCRMLEADADD"
CONNECTOR = "sync"
DOCUMENT = {
    "users": [{"id": 1, "admin": True}],
    "apps": [
        {
            "client_id": "local.sync",
            "scope": ["crm"],
            "tokens": [{"user": 1}],
            "bindings": [{"event": EVENT, "type": "offline", "auth_connector": CONNECTOR}],
        }
    ],
}


class Site:
    """Some servers on one database. One that is killed comes back under another address.

    `under`: a command that starts each of them.
    """

    def __init__(self, home: Path, database: str, replicas: int, under: Sequence[str] = ()) -> None:
        self._home = home
        self._under = under
        self._options = ("--database", database)
        self._servers = [self._start() for _ in range(replicas)]
        made = Control(self._servers[0].url).create(DOCUMENT)
        self.portal = made.name
        self.token = made.document["apps"][0]["tokens"][0]["access_token"]
        self.kills = 0

    @property
    def numbers(self) -> list[int]:
        """Of its servers."""
        return list(range(len(self._servers)))

    def url(self, client: int) -> str:
        """The address of the server that this client calls."""
        return self._servers[client % len(self._servers)].url

    def control(self) -> PortalControl:
        """The portal, at a server that runs."""
        return Control(self.url(0)).portal(self.portal)

    def kill(self, number: int) -> None:
        """End a server with SIGKILL, in the middle of whatever it does, and start another one."""
        self._servers[number].__exit__()
        self._servers[number] = self._start()
        self.kills += 1

    def stop(self) -> None:
        """End them all."""
        for server in self._servers:
            server.__exit__()

    def _start(self) -> Serving:
        server = Serving(self._home, *self._options, under=self._under)
        assert "ready on" in server.ready, server.process.communicate()[1]
        return server
