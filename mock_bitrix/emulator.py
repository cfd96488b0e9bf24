"""What a running emulator has: a database, the directory of its portals, its profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import bindparam, select

from mock_bitrix.events import hit
from mock_bitrix.events.deliver import Deliverer, Delivery
from mock_bitrix.events.publish import Happening, Outcome
from mock_bitrix.journal.journal import Journal
from mock_bitrix.portal.directory import Directory
from mock_bitrix.portal.model import Portal
from mock_bitrix.profiles import Switches, switches_of
from mock_bitrix.settings import Settings
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement, insert_into

if TYPE_CHECKING:
    from mock_bitrix.journal.sharing import Sharing

_read = Statement(select(schema.meta.c.value).where(schema.meta.c.key == bindparam("key")))
_write = Statement(
    lambda dialect: (row := insert_into(dialect, schema.meta)).on_conflict_do_update(
        index_elements=["key"], set_={"value": row.excluded.value}
    )
)


class Emulator:
    """Everything that a call needs, handed through instead of looked up.

    `url`: where the server is reached. `proxy_url`: its proxy, if any. `authority`: PEM of the one
    that signs for its https, if any. `on_delivery` hears every handler's answer.
    """

    def __init__(self, database: Database, settings: Settings | None = None) -> None:
        self.database = database
        self.directory = Directory(database, self.default_switches)
        self.settings = settings or Settings()
        self.hosts = self.settings.hosts
        self.journal = Journal()
        self.sharing: Sharing | None = None
        self.url = ""
        self.proxy_url: str | None = None
        self.authority: str | None = None
        self.on_delivery: Callable[[Delivery], None] = self.journal.record_delivery
        self.deliverer = Deliverer(self.settings, self._delivered)

    def share_journal(self) -> Sharing:
        """Read the journals of the other processes on the database, and let them read this one."""
        from mock_bitrix.journal.sharing import Sharing  # a server of its own never needs it

        self.sharing = self.sharing or Sharing(self)
        return self.sharing

    def stored(self, key: str) -> Any:
        """A value of the database's own: the profile, the start documents. None: not stored."""
        rows = self.database.run(_read, key=key)
        return orjson.loads(rows[0][0]) if rows else None

    def store(self, key: str, value: object) -> None:
        """Keep a value of the database's own."""
        self.database.run(_write, key=key, value=orjson.dumps(value).decode())

    def choose_profile(self, profile: str, switches: Mapping[str, object]) -> None:
        """Make this the profile of every portal that doesn't say otherwise."""
        with self.database.transaction():
            self.store("profile", {"profile": profile, "set": dict(switches)})
            self.database.raise_revision()

    def happen(self, portal: Portal, happening: Happening, only: int | None = None) -> Outcome:
        """A change happens in a portal: everyone who has bound its event hears of it.

        `only`: the one application (its number) that is meant.
        """
        return hit.happen(self, portal, happening, only)

    def hit(self, address: str = "") -> hit.Hit:
        """What happens inside belongs to one request: its deliveries leave together at the end.

        `address`: scheme and host by which the caller came; empty: nobody called.
        """
        return hit.Hit(self, address)

    def _delivered(self, delivery: Delivery) -> None:
        self.on_delivery(delivery)

    def default_switches(self) -> Switches:
        """The profile that the database was first opened with, and its single switches."""
        chosen = self.stored("profile") or {"profile": "docs", "set": {}}
        return switches_of(str(chosen["profile"]), chosen["set"])
