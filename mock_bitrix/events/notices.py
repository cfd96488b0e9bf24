"""ONOFFLINEEVENT: the notice that there is something in the queue (protocol G.5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, or_

from mock_bitrix.events.hit import Call, Rows
from mock_bitrix.events.publish import Due, Happening, obstacle
from mock_bitrix.php.values import to_int
from mock_bitrix.portal.model import Binding, Portal
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement, insert_into

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator

NOTICE = "ONOFFLINEEVENT"
DEFAULT_TIMEOUT = 1

_n = schema.notices.c

# One statement, so that of two processes at once one sends the notice. A clock that was set back
# must not silence it.
_take_turn = Statement(
    lambda dialect: (
        (row := insert_into(dialect, schema.notices))
        .values({column.name: bindparam(column.name) for column in schema.notices.c})
        .on_conflict_do_update(
            index_elements=["binding_id", "timeout"],
            set_={"sent": row.excluded.sent},
            where=or_(
                _n.sent <= bindparam("before", type_=_n.sent.type),
                _n.sent > row.excluded.sent,
            ),
        )
    )
)


def notices_of(emulator: Emulator, queued: Iterable[Rows]) -> Iterator[Call]:
    """The notices that are due at the end of a hit which put rows into these queues."""
    for portal, application_id, happening in queued:
        for binding in emulator.directory.bindings(portal):
            if binding.event != NOTICE or binding.application_id != application_id:
                continue
            due = _due(emulator, portal, binding)
            if obstacle(due) is None and _is_its_turn(emulator.database, portal, binding):
                yield Call(portal, due, _notice(happening))


def timeout_of(portal: Portal, binding: Binding) -> int:
    """The seconds between two notices for a binding; 0: one with every hit."""
    given = binding.options.get("minTimeout")
    if given is None or portal.switches.min_timeout == "fixed":
        return DEFAULT_TIMEOUT
    return max(to_int(given), 0)


def _due(emulator: Emulator, portal: Portal, binding: Binding) -> Due:
    applications = emulator.directory.applications(portal)
    found = (app for app in applications if app.id == binding.application_id)
    return Due(binding, next(found, None))


def _is_its_turn(database: Database, portal: Portal, binding: Binding) -> bool:
    """Whether enough time has passed since the last notice. No later notice makes up for a No."""
    timeout, now = timeout_of(portal, binding), portal.clock.now()
    turn = {"portal_id": portal.id, "binding_id": binding.id, "timeout": timeout, "sent": now}
    return timeout == 0 or database.change(_take_turn, before=now - timeout, **turn) == 1


def _notice(cause: Happening) -> Happening:
    return Happening(NOTICE, None, cause.user_id)
