"""A change happens: which bindings hear of it, and which don't, and why (protocol G.1 to G.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, cast

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


class Due(NamedTuple):
    """A binding whose handler is to be called; of no application: an outgoing webhook."""

    binding: Binding
    application: Application | None

    @property
    def client_id(self) -> str:
        """The application's client_id; empty for an outgoing webhook."""
        return self.application.client_id if self.application else ""


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
    due: list[Due] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    applications: set[int] = field(default_factory=set)
    """The numbers of the applications that got rows."""


def publish(
    emulator: Emulator, portal: Portal, happening: Happening, only: int | None = None
) -> Outcome:
    """Tell every binding of the event, or those of application `only`.

    Queue rows are written in one transaction; handlers that are due are left to the caller.
    """
    outcome = Outcome()
    with emulator.database.transaction():
        for due in _bound(emulator, portal, happening.event, only):
            binding = due.binding
            reason = obstacle(due) or _echo(happening, due)
            if reason:
                outcome.skipped.append(Skipped(due.client_id, binding.connector, reason))
            elif binding.offline:
                outcome.queued.append(_queue(emulator, portal, happening, due))
                outcome.applications.add(binding.application_id)
            else:
                outcome.due.append(due)
    return outcome


def _bound(emulator: Emulator, portal: Portal, event: str, only: int | None) -> Iterator[Due]:
    directory = emulator.directory.revised()
    applications = {app.id: app for app in directory.applications(portal)}
    for binding in directory.bindings(portal):
        if binding.event == event and only in (None, binding.application_id):
            yield Due(binding, applications.get(binding.application_id))


def obstacle(due: Due) -> str | None:
    """Why a binding hears of nothing now; None: it does. In the order of protocol G.1."""
    if due.binding.application_id == OUTGOING:
        return None
    application, needed = due.application, _scope_of(due.binding.event)
    if application is None or not application.active:
        reason = "the application is not active"
    elif not application.installed:
        reason = "the installation is not finished"
    elif needed != GLOBAL and needed not in with_aliases(application.scope):
        reason = f"the application's scope lacks {needed}"
    elif application.payment_expired:
        reason = "the application's payment has expired"
    else:
        reason = None
    return reason


def _scope_of(code: str) -> str:
    event = catalogue.find(code)
    return event.scope if event else GLOBAL


def _echo(happening: Happening, due: Due) -> str | None:
    """Protocol G.3: same application, same connector, the empty one included; offline only."""
    if (
        due.binding.offline
        and happening.client_id == due.client_id
        and happening.connector == due.binding.connector
    ):
        return "echo: the application caused it itself, under the same connector"
    return None


def _queue(emulator: Emulator, portal: Portal, happening: Happening, due: Due) -> Queued:
    binding = due.binding
    box = Box(portal, binding.application_id, binding.connector)
    row = Queue(emulator.database, box).put(change_of(happening))
    return Queued(due.client_id, binding.connector, row.id, row.refreshed)


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
