"""What applications store in the portal: for themselves, and for each user."""

from __future__ import annotations

import orjson
from sqlalchemy import bindparam, select, update

from mock_bitrix.php.json import plain
from mock_bitrix.php.values import Value, array_items
from mock_bitrix.portal.model import Portal
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement, insert_into

Options = dict[str, Value]

_a, _o = schema.applications.c, schema.user_options.c
_whose = (_o.application_id == bindparam("application_id"), _o.user_id == bindparam("user_id"))

# Held until the options are written: nobody else's change gets lost in between.
_lock = Statement(select(_a.id).where(_a.id == bindparam("application_id")).with_for_update())
_read_application = Statement(select(_a.options).where(_a.id == bindparam("application_id")))
_write_application = Statement(
    update(schema.applications)
    .where(_a.id == bindparam("application_id"))
    .values(options=bindparam("stored"))
)
_read_user = Statement(select(_o.options).where(*_whose))
_write_user = Statement(
    lambda dialect: (row := insert_into(dialect, schema.user_options)).on_conflict_do_update(
        index_elements=["application_id", "user_id"], set_={"options": row.excluded.options}
    )
)


class ApplicationOptions:
    """An application's own options: one set in a portal."""

    def __init__(self, database: Database, application_id: int) -> None:
        self._database = database
        self._application_id = application_id

    def read(self) -> Options:
        """All options."""
        rows = self._database.run(_read_application, application_id=self._application_id)
        return _as_map(rows[0][0])

    def change(self, given: Options) -> None:
        """Set the given options; the others stay."""
        with self._database.transaction():
            self._database.run(_lock, application_id=self._application_id)
            stored = plain(self.read() | given)
            self._database.run(
                _write_application, application_id=self._application_id, stored=stored
            )


class UserOptions:
    """What an application stores for one user."""

    def __init__(
        self, database: Database, portal: Portal, application_id: int, user_id: int
    ) -> None:
        self._database = database
        self._portal_id = portal.id
        self._whose = {"application_id": application_id, "user_id": user_id}

    def read(self) -> Options:
        """All options."""
        rows = self._database.run(_read_user, **self._whose)
        return _as_map(rows[0][0]) if rows else {}

    def change(self, given: Options) -> None:
        """Set the given options; the others stay."""
        with self._database.transaction():
            self._database.run(_lock, application_id=self._whose["application_id"])
            stored = plain(self.read() | given)
            self._database.run(
                _write_user, portal_id=self._portal_id, options=stored, **self._whose
            )


def _as_map(stored: str) -> Options:
    """Options whose names count from 0 are stored as a list."""
    return dict(array_items(orjson.loads(stored)))
