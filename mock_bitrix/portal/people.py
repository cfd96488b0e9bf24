"""A portal's users: adding and changing them. Reading is the directory's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from mock_bitrix.php.json import kept
from mock_bitrix.portal.model import Portal, User
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement

_u = schema.users.c
_add = Statement(
    insert(schema.users).values({column.name: bindparam(column.name) for column in _u})
)
_change = Statement(
    update(schema.users)
    .where(_u.portal_id == bindparam("of_portal"), _u.id == bindparam("number"))
    .values({name: bindparam(name) for name in ("name", "last_name", "active", "extra")})
)
_last = Statement(
    select(func.coalesce(func.max(_u.id), 0)).where(_u.portal_id == bindparam("portal_id"))
)


class People:
    """The users of one portal."""

    def __init__(self, database: Database, portal: Portal) -> None:
        self._database = database
        self._portal = portal

    def add(self, name: str, last_name: str, extra: Mapping[str, Any]) -> int:
        """Add an active user who is no administrator; give the id."""
        with self._database.transaction():
            number = int(self._database.run(_last, portal_id=self._portal.id)[0][0]) + 1
            self._database.run(
                _add,
                portal_id=self._portal.id,
                id=number,
                name=name,
                last_name=last_name,
                admin=0,
                active=1,
                extra=kept(dict(extra)),
            )
            self._database.raise_revision()
        return number

    def change(
        self, user: User, *, name: str, last_name: str, active: bool, extra: Mapping[str, Any]
    ) -> None:
        """Give a user these names, state and fields."""
        with self._database.transaction():
            self._database.run(
                _change,
                of_portal=self._portal.id,
                number=user.id,
                name=name,
                last_name=last_name,
                active=int(active),
                extra=kept(dict(extra)),
            )
            self._database.raise_revision()
