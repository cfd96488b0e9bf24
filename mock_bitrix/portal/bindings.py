"""Subscribing to events and ending it."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from sqlalchemy import Integer, bindparam, delete, or_

from mock_bitrix.portal.model import Portal
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement, insert_into

_b = schema.bindings.c

_add = Statement(
    lambda dialect: (
        insert_into(dialect, schema.bindings)
        .values(
            portal_id=bindparam("portal_id"),
            application_id=bindparam("application_id"),
            event=bindparam("event"),
            handler=bindparam("handler"),
            user_id=bindparam("user_id"),
            connector=bindparam("connector"),
            options=bindparam("options"),
        )
        .on_conflict_do_nothing()
    )
)

_remove = Statement(
    delete(schema.bindings).where(
        _b.application_id == bindparam("application_id"),
        _b.event == bindparam("event"),
        _b.handler == bindparam("handler"),
        or_(bindparam("any_user", type_=Integer()) == 1, _b.user_id == bindparam("user_id")),
        or_(
            bindparam("any_connector", type_=Integer()) == 1,
            _b.connector == bindparam("connector"),
        ),
    )
)


class Bindings:
    """The bindings of one application in one portal."""

    def __init__(self, database: Database, portal: Portal, application_id: int) -> None:
        self._database = database
        self._portal = portal
        self._application_id = application_id

    def add(
        self,
        event: str,
        handler: str,
        *,
        user_id: int = 0,
        connector: str = "",
        options: Mapping[str, object] | None = None,
    ) -> bool:
        """Bind; False where the same binding is there already (protocol F.1 row 10)."""
        with self._database.transaction():
            added = self._database.change(
                _add,
                portal_id=self._portal.id,
                application_id=self._application_id,
                event=event,
                handler=handler,
                user_id=user_id,
                connector=connector,
                options=orjson.dumps(options or {}).decode(),
            )
            if added:
                self._database.raise_revision()
        return added == 1

    def remove(
        self,
        event: str,
        handler: str,
        *,
        user_id: int | None = None,
        connector: str | None = None,
    ) -> int:
        """Unbind; None means whoever. Gives how many bindings went (protocol F.2)."""
        with self._database.transaction():
            removed = self._database.change(
                _remove,
                application_id=self._application_id,
                event=event,
                handler=handler,
                any_user=int(user_id is None),
                user_id=user_id or 0,
                any_connector=int(connector is None),
                connector=connector or "",
            )
            if removed:
                self._database.raise_revision()
        return removed
