"""The queue as a plain list: what protocol D and E say, with nothing of the product in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.proof.selecting import Selection, chosen

FREE = ""


class Box(NamedTuple):
    """Whose queue: an application (by its place in the portal) under a connector."""

    application: int
    connector: str


@dataclass
class Row:
    """A row of the queue."""

    id: int
    box: Box
    event: str
    lead: int
    user: int
    timestamp: int
    process_id: str = FREE
    error: int = 0

    @property
    def message_id(self) -> str:
        """Protocol D.8: the event and its data, not who caused it or whose queue it is."""
        return message_id(self.event, self.lead)


def message_id(event: str, lead: int) -> str:
    """The name of a change."""
    data = json.dumps({"FIELDS": {"ID": lead}}, separators=(",", ":"))
    return hashlib.md5(f"{event}|{data}".encode()).hexdigest()


class Binding(NamedTuple):
    """An offline subscription."""

    box: Box
    event: str


@dataclass
class Model:
    """A portal with its queues and its clock, which stands still between two steps."""

    now: int
    retention: int
    rows: list[Row] = field(default_factory=list)
    bindings: list[Binding] = field(default_factory=list)
    last_id: int = 0

    def of(self, box: Box) -> list[Row]:
        """The rows of a queue, in whatever state."""
        return [row for row in self.rows if row.box == box]

    def reserved(self) -> list[Row]:
        """The rows that somebody has reserved."""
        return [row for row in self.rows if row.process_id != FREE]

    def happen(self, event: str, lead: int, user: int, cause: Box | None) -> dict[Box, Row]:
        """A change goes to everyone who has bound it, but to the box that caused it (G.2)."""
        bound = [binding.box for binding in self.bindings if binding.event == event]
        return {box: self._put(box, event, lead, user) for box in bound if box != cause}

    def _put(self, box: Box, event: str, lead: int, user: int) -> Row:
        """Protocol D.8: a free row is refreshed, also in error; a reserved one is left alone."""
        for row in self.of(box):
            if row.process_id == FREE and row.message_id == message_id(event, lead):
                row.timestamp, row.user = self.now, user
                return row
        self.last_id += 1
        row = Row(self.last_id, box, event, lead, user, self.now)
        self.rows.append(row)
        return row

    def take(self, box: Box, wanted: Selection, keep_as: str | None) -> list[Row]:
        """Protocol D.7: free rows leave, or are reserved under the process id `keep_as`."""
        taken = wanted.of(self._read(box, FREE, wanted.error[1]))
        for row in taken:
            if keep_as is None:
                self.rows.remove(row)
            else:
                row.process_id = keep_as
        return taken

    def reread(self, box: Box, process_id: str, wanted: Selection, *, keep: bool) -> list[Row]:
        """Protocol D.7: what shows anything without `keep` deletes the whole batch."""
        shown = wanted.of(self._read(box, process_id, wanted.error[1]))
        if shown and not keep:
            self._delete(row for row in self.of(box) if row.process_id == process_id)
        return shown

    def clear(
        self,
        box: Box,
        process_id: str,
        ids: Collection[int] | None = None,
        message_ids: Collection[str] | None = None,
    ) -> None:
        """Protocol E.2: message ids win over ids, empty lists mean everything."""
        batch = [row for row in self.of(box) if row.process_id == process_id]
        if message_ids is not None:
            self._delete(r for r in batch if not message_ids or r.message_id in message_ids)
        else:
            self._delete(row for row in batch if not ids or row.id in ids)

    def mark_error(self, box: Box, process_id: str, message_ids: Collection[str]) -> None:
        """Protocol E.3: good rows with these names go, but those of the batch become errors."""
        listed = [r for r in self.of(box) if r.message_id in message_ids and not r.error]
        self._delete(row for row in listed if row.process_id != process_id)
        for row in (row for row in listed if row.process_id == process_id):
            # Protocol question 8: of two free failed rows with one name, one stays.
            self._delete(
                r
                for r in self.of(box)
                if r.error and r.process_id == FREE and r.message_id == row.message_id
            )
            row.error, row.process_id = 1, FREE

    def advance(self, seconds: int) -> None:
        """Protocol D.11: what is old goes, reserved or not."""
        self.now += seconds
        self._delete(row for row in self.rows if row.timestamp <= self.now - self.retention)

    def shown(self, box: Box, wanted: Selection) -> list[Row]:
        """Protocol E.1: the list, by id unless it is ordered; it knows no limit."""
        return chosen(self.of(box), wanted.filter, wanted.order)

    def _read(self, box: Box, process_id: str, error: bool) -> list[Row]:
        return [r for r in self.of(box) if r.process_id == process_id and r.error == int(error)]

    def _delete(self, rows: Iterable[Row]) -> None:
        gone = {id(row) for row in rows}
        self.rows = [row for row in self.rows if id(row) not in gone]
