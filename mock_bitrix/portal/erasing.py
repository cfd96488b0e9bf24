"""Forgetting portals, with everything that belongs to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete

from mock_bitrix.portal import start
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator

_of_portal = [
    Statement(delete(table).where(table.c.portal_id == bindparam("portal_id")))
    for table in schema.OF_PORTALS
]
_portal = Statement(delete(schema.portals).where(schema.portals.c.id == bindparam("portal_id")))
_all = [Statement(delete(table)) for table in (*schema.OF_PORTALS, schema.portals)]
_settings = Statement(
    delete(schema.meta).where(*(schema.meta.c.key != name for name in schema.FIXED_META))
)


def erase_portal(database: Database, portal_id: int) -> None:
    """Forget one portal."""
    with database.transaction():
        for statement in (*_of_portal, _portal):
            database.run(statement, portal_id=portal_id)
        database.raise_revision()


def erase_all(emulator: Emulator) -> None:
    """Forget every portal, the profile and the start documents."""
    with emulator.database.transaction():
        for statement in (*_all, _settings):
            emulator.database.run(statement)
        start.forget(emulator.database)
        emulator.database.raise_revision()
