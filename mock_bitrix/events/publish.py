"""A change happens: which bindings hear of it, and which don't, and why (protocol G.1 to G.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from mock_bitrix.events import catalogue
from mock_bitrix.php.json import plain
from mock_bitrix.php.values import Value, as_array
from mock_bitrix.portal.model import OUTGOING, Application, Binding, Portal
from mock_bitrix.portal.scopes import GLOBAL, with_aliases
from mock_bitrix.queue.message_id import message_id
from mock_bitrix.queue.queue import Box, Queue
from mock_bitrix.queue.rows import Change

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened, and who caused it. `client_id` None: no application, so nobody's echo."""

    event: str
    data: object
    user_id: int = 0
    client_id: str | None = None
    connector: str = ""


@dataclass(frozen=True, slots=True)
class Queued:
    """A change that landed in a queue: in a new row, or in an older one."""

    client_id: str
    connector: str
    id: int
    refreshed: bool


@dataclass(frozen=True, slots=True)
class Skipped:
    """A binding that heard nothing, and why."""

    client_id: str
    connector: str
    reason: str


@dataclass(slots=True)
class Outcome:
    """What became of a change: where it was queued, which handlers are due, who was passed over."""

    queued: list[Queued] = field(default_factory=list)
    due: list[tuple[Binding, Application | None]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def publish(
    emulator: Emulator, portal: Portal, happening: Happening, only: int | None = None
) -> Outcome:
    """Tell every binding of the event, or those of application `only`.

    Queue rows are written in one transaction; handlers that are due are left to the caller.
    """
    directory = emulator.directory.revised()
    applications = {app.id: app for app in directory.applications(portal)}
    outcome = Outcome()
    with emulator.database.transaction():
        for binding in directory.bindings(portal):
            if binding.event != happening.event or only not in (None, binding.application_id):
                continue
            application = applications.get(binding.application_id)
            reason = _obstacle(happening, binding, application)
            client_id = application.client_id if application else ""
            if reason:
                outcome.skipped.append(Skipped(client_id, binding.connector, reason))
            elif binding.offline:
                outcome.queued.append(_queue(emulator, portal, happening, binding, client_id))
            else:
                outcome.due.append((binding, application))
    return outcome


def _queue(
    emulator: Emulator, portal: Portal, happening: Happening, binding: Binding, client_id: str
) -> Queued:
    box = Box(portal, binding.application_id, binding.connector)
    row = Queue(emulator.database, box).put(change_of(happening))
    return Queued(client_id, binding.connector, row.id, row.refreshed)


def _obstacle(
    happening: Happening, binding: Binding, application: Application | None
) -> str | None:
    """Why a binding doesn't hear of the change; None: it does. In the order of protocol G.1."""
    if binding.application_id == OUTGOING:
        return None
    event = catalogue.find(happening.event)
    needed = event.scope if event else GLOBAL
    if application is None or not application.active:
        reason = "the application is not active"
    elif not application.installed:
        reason = "the installation is not finished"
    elif application.payment_expired:
        reason = "the application's payment has expired"
    elif needed != GLOBAL and needed not in with_aliases(application.scope):
        reason = f"the application's scope lacks {needed}"
    elif _is_echo(happening, binding, application):
        reason = "echo: the application caused it itself, under the same connector"
    else:
        reason = None
    return reason


def _is_echo(happening: Happening, binding: Binding, application: Application) -> bool:
    """Protocol G.3: same application, same connector, the empty one included; offline only."""
    return (
        binding.offline
        and happening.client_id == application.client_id
        and happening.connector == binding.connector
    )


def change_of(happening: Happening) -> Change:
    """The change as the queue stores it."""
    data = as_array(cast("Value", happening.data))
    user_id: Value = str(happening.user_id) if happening.user_id else 0  # protocol question 2
    return Change(
        event=happening.event,
        data=plain(data),
        additional=plain({"user_id": user_id}),
        message_id=message_id(happening.event, data),
    )
