"""One call of one method: who calls, with what, and what the method may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from mock_bitrix.events.publish import Happening
from mock_bitrix.journal.entries import Entry
from mock_bitrix.php.values import Value
from mock_bitrix.portal.model import Application, Portal, User, Webhook
from mock_bitrix.queue.queue import Box, Queue

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator


class Caller(NamedTuple):
    """Who calls: an application for a user, or a webhook. `connector` as of protocol B.5."""

    portal: Portal
    user: User
    scope: frozenset[str]
    application: Application | None = None
    webhook: Webhook | None = None
    connector: str = ""


class Call(NamedTuple):
    """What a method gets. `parameters` are the given ones, without credentials and paging.

    `entry` is where the journal hears of it.
    """

    method: str
    parameters: dict[str, Value]
    start: int
    caller: Caller
    emulator: Emulator
    entry: Entry

    @property
    def portal(self) -> Portal:
        """The portal that is called."""
        return self.caller.portal

    @property
    def application(self) -> Application:
        """The calling application; only for methods that allow nobody else."""
        assert self.caller.application is not None, "the method must allow applications only"
        return self.caller.application

    def happened(self, event: str, data: object, only: int | None = None) -> None:
        """The caller has changed something: tell everyone who has bound the event."""
        application = self.caller.application
        happening = Happening(
            event=event,
            data=data,
            user_id=self.caller.user.id,
            client_id=application.client_id if application else None,
            connector=self.caller.connector,
        )
        self.emulator.happen(self.portal, happening, only)

    def queue(self) -> Queue:
        """The caller's queue: of its application, under its connector."""
        box = Box(self.portal, self.application.id, self.caller.connector)
        return Queue(self.emulator.database, box)


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list: `total` rows in all; `next`, if any, is where the next page starts."""

    result: object
    total: int
    next: int | None = None
