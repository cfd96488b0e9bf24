"""The queue of one application under one connector.

A row is free, reserved (it has a process id) or gone; apart from that it is good or in error. Each
verb is one transaction: it happens or it doesn't, whatever dies. Two callers at once never get the
same row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from mock_bitrix.portal.model import Portal
from mock_bitrix.queue import filters, statements
from mock_bitrix.queue.rows import Batch, Change, ListedRow, Marked, Page, QueueRow, Written, as_row
from mock_bitrix.queue.selection import Condition, OrderBy, Selection
from mock_bitrix.randomness import Randomness
from mock_bitrix.storage.arrays import packed
from mock_bitrix.storage.counters import Counters
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement

FREE = ""
"""The process id of a row that nobody has reserved."""


class Box(NamedTuple):
    """Whose queue: rows of other applications and connectors don't exist here (protocol D.7)."""

    portal: Portal
    application_id: int
    connector: str


class Queue:
    """The verbs. Made for one call and thrown away: it looks at its portal's clock once."""

    def __init__(self, database: Database, box: Box) -> None:
        self._database = database
        self._box = box
        self._portal = box.portal
        self._now = box.portal.clock.now()
        self._delay = box.portal.switches.visibility_delay

    def put(self, change: Change) -> Written:
        """A change happens: its free row is refreshed, or a new one appears (protocol D.8).

        A reserved twin is left alone; a free one in error absorbs the change and stays in error.
        """
        values = self._box_values() | {
            "key": change.message_id,
            "free": FREE,
            "timestamp": int(self._now),
            "written": self._now,
            "data": change.data,
            "additional": change.additional,
        }
        with self._database.transaction():
            refreshed = self._database.run(statements.refresh, **values)
            if refreshed:
                return Written(refreshed[0][0], refreshed=True)
            return self._insert(change)

    def take(self, selection: Selection, *, keep: bool) -> Batch:
        """Take free rows out of the queue, or reserve them with `keep` (protocol D.7).

        Rows come out free and in the asked error state; they end up gone, or reserved under a new
        process id with timestamp and error as they were. Callers at once get different rows.
        Raises `SelectionError`, before any row is touched, for a condition without a meaning.
        """
        classic = self._portal.switches.fresh_filter == "classic"
        terms = self._terms(selection.conditions, filters.classic if classic else filters.strict)
        shown = self._randomness().process_id() if keep else None
        if not self._any_free(selection.error):
            return Batch(shown, [], left=0)
        with self._database.transaction():
            rows = self._read(FREE, selection, terms, locking=True)
            if rows and keep:
                self._on(rows, statements.mark, process_id=shown, now=self._now)
            elif rows:
                self._remove(rows)
        everything = not terms and len(rows) < selection.limit
        return Batch(shown, rows, left=0 if everything else None)

    def free(self, *, error: bool, most: int) -> int | None:
        """How many rows a take could give; None: more than `most`."""
        values = self._box_values() | {"process_id": FREE, "error": int(error), "limit": most + 1}
        counted = int(self._database.run(statements.count_free, **values)[0][0])
        return counted if counted <= most else None

    def reread(self, process_id: str, selection: Selection, *, keep: bool) -> Batch:
        """Read what a process has reserved; without `keep`, delete the whole batch (protocol D.7).

        The batch goes, shown or not, as soon as one row was shown. The empty process id reads the
        free rows. Raises `SelectionError`.
        """
        terms = self._terms(selection.conditions, filters.classic)
        if keep:
            return Batch(process_id, self._read(process_id, selection, terms))
        with self._database.transaction():
            rows = self._read(process_id, selection, terms, locking=True)
            if rows:
                self.clear(process_id)
        return Batch(process_id, rows)

    def clear(
        self,
        process_id: str,
        *,
        ids: Sequence[int] = (),
        message_ids: Sequence[str] = (),
    ) -> int:
        """Confirm a batch, or the listed rows of it: they are gone (protocol E.2).

        Message ids win over ids; empty lists mean everything. Gives the number of rows.
        """
        values = self._box_values() | {"process_id": _named(process_id), "visible": self._visible()}
        statement = statements.clear_process
        if message_ids:
            statement = statements.clear_messages
            values["message_ids"] = packed(self._database, message_ids)
        elif ids:
            statement = statements.clear_ids
            values["ids"] = packed(self._database, ids)
        return self._database.settled(lambda: self._database.change(statement, **values))

    def mark_error(self, process_id: str, message_ids: Sequence[str]) -> Marked:
        """Mark the listed rows of a batch as failed: free again, but in error (protocol E.3).

        Good rows with a listed message id outside of the batch are deleted, also where the process
        id is unknown: the real server loses them too. Rows in error stay as they are.
        """
        if not message_ids:
            return Marked(0, 0, 0)
        values = self._box_values() | {
            "process_id": _named(process_id),
            "message_ids": packed(self._database, message_ids),
        }
        return self._database.settled(lambda: self._mark(values))

    def _mark(self, values: dict[str, Any]) -> Marked:
        """A twin that is put between the steps collides, and is deleted the next time."""
        deleted = self._database.run(statements.delete_twins, **values)
        self._database.change(statements.delete_failed_twins, **values)
        marked = self._database.run(statements.mark_failed, **values)
        kept = set(marked)
        return Marked(len(marked), len(deleted), lost=sum(row not in kept for row in deleted))

    def rows(
        self,
        conditions: Sequence[Condition],
        order: tuple[OrderBy, ...],
        *,
        offset: int,
        limit: int,
    ) -> Page:
        """Rows in whatever state, and how many there are in all (protocol E.1). Changes nothing."""
        terms = self._terms(conditions, filters.classic)
        shape, values = _shape(terms), self._values(terms)
        delayed = self._delay > 0
        page = self._database.run(
            statements.listing(shape, order, delayed=delayed), limit=limit, offset=offset, **values
        )
        total = self._database.run(statements.counting(shape, delayed=delayed), **values)
        return Page([ListedRow(as_row(row[:-2]), *row[-2:]) for row in page], total[0][0])

    def _insert(self, change: Change) -> Written:
        """A new row; or a refreshed one, where another writer was quicker (on PostgreSQL)."""
        number = Counters(self._database, self._portal.id).next("row")
        row = {
            "id": number,
            "event": change.event,
            "data": change.data,
            "additional": change.additional,
            "message_id": change.message_id,
            "timestamp": int(self._now),
            "written": self._now,
            "process_id": FREE,
            "reserved_at": None,
            "error": 0,
        }
        twin = {"key": change.message_id, "free": FREE}
        self._database.run(statements.delete_expired_twin, **self._box_values(), **twin)
        [(written,)] = self._database.run(statements.insert, **self._box_values(), **row)
        return Written(written, refreshed=written != number)

    def _any_free(self, error: bool) -> bool:
        """A look that needs no lock: most polls find nothing.

        Where they did and nobody has written since, they still do: time only makes rows expire.
        """
        empty = self._database.remembered()
        key = (self._box.application_id, self._box.connector, error)
        if empty and empty.get(key, self._now + 1) <= self._now:
            return False
        values = self._box_values()
        values["process_id"], values["error"] = FREE, int(error)
        found = bool(self._database.run(statements.any_free, **values))
        if not found and empty is not None:
            empty[key] = self._now
        return found

    def _read(
        self,
        process_id: str,
        selection: Selection,
        terms: list[filters.Term],
        *,
        locking: bool = False,
    ) -> list[QueueRow]:
        statement = statements.reading(
            _shape(terms), selection.order, locking=locking, delayed=self._delay > 0
        )
        values = self._values(terms) | {
            "process_id": _named(process_id),
            "error": int(selection.error),
            "limit": selection.limit,
        }
        return list(map(as_row, self._database.run(statement, **values)))

    def _remove(self, rows: list[QueueRow]) -> None:
        """Rows that were written one after the other, as most of a take are, go a sixth sooner."""
        seqs = [row.seq for row in rows]
        first, last = min(seqs), max(seqs)
        if last - first < len(seqs):  # nobody else's is between
            self._database.change(statements.remove_neighbours, first=first, last=last)
        else:
            self._on(rows, statements.remove)

    def _on(self, rows: list[QueueRow], statement: Statement, **values: object) -> None:
        seqs = packed(self._database, [row.seq for row in rows])
        self._database.change(statement, seqs=seqs, **values)

    def _terms(self, conditions: Sequence[Condition], engine: filters.Engine) -> list[filters.Term]:
        if not conditions:
            return []
        moment = filters.Moment(self._now, self._portal.zone)
        return [engine(condition, moment) for condition in conditions]

    def _values(self, terms: list[filters.Term]) -> dict[str, Any]:
        values = self._box_values()
        if self._delay > 0:
            values["visible"] = self._visible()
        for number, term in enumerate(terms):
            if term.kind != "never":
                value = term.value
                values[f"c{number}"] = (
                    packed(self._database, value) if isinstance(value, list) else value
                )
        return values

    def _box_values(self) -> dict[str, Any]:
        return {
            "portal_id": self._portal.id,
            "application_id": self._box.application_id,
            "connector": self._box.connector,
            "dead": self._now - self._portal.retention,
        }

    def _visible(self) -> float:
        """What was written later than this doesn't show yet."""
        return self._now - self._delay if self._delay > 0 else float("inf")

    def _randomness(self) -> Randomness:
        return randomness_of(self._database, self._portal)


def randomness_of(database: Database, portal: Portal) -> Randomness:
    """The portal's source of identifiers: repeatable where it has a seed."""
    if portal.seed is None:
        return Randomness()
    return Randomness(portal.seed, lambda: Counters(database, portal.id).next("random"))


def sweep(database: Database, portal: Portal) -> int:
    """Delete the rows older than the portal keeps them, reserved or not (protocol D.11)."""
    values = {"portal_id": portal.id, "dead": portal.clock.now() - portal.retention}
    if not database.run(statements.any_dead, **values):  # looking needs no lock
        return 0
    return database.change(statements.sweep, **values)


def _named(process_id: str) -> str:
    """No row has a NUL in its process id, and PostgreSQL takes none."""
    return process_id.replace("\0", "\ufffd")


def _shape(terms: list[filters.Term]) -> statements.Shape:
    return tuple(term.shape for term in terms)
