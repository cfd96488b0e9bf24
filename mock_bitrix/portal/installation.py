"""How an application stands in its portal: installed, updated, gone, paid for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, delete, update

from mock_bitrix.portal.model import Application
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement

_a = schema.applications.c

_change = Statement(
    update(schema.applications)
    .where(_a.id == bindparam("number"))
    .values({name: bindparam(name) for name in ("installed", "active", "version")})
)
_pay = Statement(
    update(schema.applications)
    .where(_a.id == bindparam("number"))
    .values({name: bindparam(name) for name in ("status", "payment_expired")})
)


def _deleting(table: Any) -> Statement:
    return Statement(delete(table).where(table.c.application_id == bindparam("number")))


_of_application = [_deleting(table) for table in (schema.bindings, schema.queue)]
_tokens = _deleting(schema.tokens)


class Installation:
    """One application in its portal. Each verb is one transaction."""

    def __init__(self, database: Database, application: Application) -> None:
        self._database = database
        self._application = application

    def finish(self) -> None:
        """It is installed and active. Tokens of an earlier life stay behind."""
        with self._database.transaction():
            if self._application.uninstalled:
                self._database.run(_tokens, number=self._application.id)
            self._set(installed=1, active=1, version=self._application.version)

    def update(self, version: int) -> None:
        """It has another version; bindings stay (protocol F.1)."""
        with self._database.transaction():
            application = self._application
            installed, active = int(application.installed), int(application.active)
            self._set(installed=installed, active=active, version=version)

    def end(self) -> None:
        """It is gone, with its bindings and its queue; its tokens say so (protocol G.6, B.4)."""
        with self._database.transaction():
            for statement in _of_application:
                self._database.run(statement, number=self._application.id)
            self._set(installed=0, active=0, version=self._application.version)

    def pay(self, *, status: str, expired: bool) -> None:
        """Its paid period begins or is over."""
        with self._database.transaction():
            values = {"status": status, "payment_expired": int(expired)}
            self._database.run(_pay, number=self._application.id, **values)
            self._database.raise_revision()

    def _set(self, **values: int) -> None:
        self._database.run(_change, number=self._application.id, **values)
        self._database.raise_revision()
