"""A portal with two applications and a clock of its own, to use the queue without any HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import text

from mock_bitrix.clock import Clock
from mock_bitrix.events.publish import Happening, change_of
from mock_bitrix.portal.directory import Directory
from mock_bitrix.portal.document import Document
from mock_bitrix.portal.loading import install
from mock_bitrix.portal.model import Portal
from mock_bitrix.profiles import changed, switches_of
from mock_bitrix.queue.queue import Box, Queue
from mock_bitrix.queue.rows import Batch, Change, ListedRow, Page, QueueRow, Written
from mock_bitrix.queue.selection import BY_ID, BY_TIMESTAMP, Condition, OrderBy, Selection
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement

START = 1_800_000_000
LEAD, DEAL = "ONCRMLEADADD", "ONCRMDEALADD"


@dataclass
class Desk:
    """What a test does with one portal's queue. `now` is its clock, in seconds."""

    database: Database
    portal: Portal
    applications: list[int]
    now: float = START

    def queue(self, connector: str = "", application: int = 0) -> Queue:
        """The queue as one call at this moment sees it."""
        portal = replace(self.portal, clock=Clock(frozen_at=self.now))
        return Queue(self.database, Box(portal, self.applications[application], connector))

    def switch(self, **switches: object) -> None:
        """Make the portal behave otherwise."""
        self.portal = replace(self.portal, switches=changed(self.portal.switches, switches))

    def put(self, number: int, event: str = LEAD, **where: Any) -> Written:
        """Something happens to lead or deal `number`."""
        return self.queue(**where).put(change(number, event))

    def take(self, *conditions: Condition, keep: bool = False, **more: Any) -> Batch:
        """A fresh take of the first application, without connector."""
        return self.queue().take(selection(*conditions, **more), keep=keep)

    def reread(
        self, process: Batch, *conditions: Condition, keep: bool = False, **more: Any
    ) -> Batch:
        """A second read of what a take has reserved."""
        assert process.process_id is not None
        return self.queue().reread(process.process_id, selection(*conditions, **more), keep=keep)

    def listed(self, **where: Any) -> list[ListedRow]:
        """Everything in the queue, by id."""
        return self.queue(**where).rows((), BY_ID, offset=0, limit=1_000_000).rows

    def rows(self, **where: Any) -> list[QueueRow]:
        """The same, without who holds it."""
        return [listed.row for listed in self.listed(**where)]


def selection(
    *conditions: Condition,
    order: tuple[OrderBy, ...] = BY_TIMESTAMP,
    limit: int = 50,
    error: bool = False,
) -> Selection:
    """What to take; by default as a call without parameters does."""
    return Selection(conditions, order, limit, error)


def change(number: int, event: str = LEAD, user: int = 1) -> Change:
    """Lead or deal `number` was added by a user."""
    return change_of(Happening(event, {"FIELDS": {"ID": number}}, user_id=user))


def ids(found: Batch | Page | Iterable[QueueRow]) -> list[int]:
    """The ids of rows, in order."""
    if isinstance(found, Page):
        return [listed.row.id for listed in found.rows]
    return [row.id for row in (found.rows if isinstance(found, Batch) else found)]


def open_desk(database: Database, seed: str | None = None) -> Desk:
    """A new portal with two applications in a database."""
    document = Document.model_validate({"portal": {"seed": seed}, "apps": [{}, {}]})
    number = install(database, document)
    directory = Directory(database, lambda: switches_of("docs")).revised()
    portal = directory.portal(number)
    assert portal is not None
    return Desk(database, portal, [app.id for app in directory.applications(portal)])


def states(desk: Desk) -> list[tuple[int, str, int]]:
    """Of every row: id, process id, error."""
    return [(row.id, process_id, error) for row, process_id, error in desk.listed()]


def failed(desk: Desk, number: int) -> None:
    """A free row in error."""
    desk.put(number)
    batch = desk.take(keep=True)
    fail(desk, batch.process_id, *(row.message_id for row in batch.rows))


def fail(desk: Desk, process_id: str | None, *message_ids: str) -> tuple[int, int]:
    """Mark rows as failed; how many were marked, and how many twins went."""
    assert process_id is not None
    done = desk.queue().mark_error(process_id, message_ids)
    return done.marked, done.deleted


def force(desk: Desk, statement: str, portal: int) -> None:
    """Bring rows into a state that only a race would."""
    desk.database.change(Statement(text(f"{statement} AND portal_id = {portal}")))
