"""Several processes on one database read each other's journals.

Nothing is written until somebody reads: the reader asks the others, each writes what it has not
yet written, and says so. A process on a database of its own does none of this.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from sqlalchemy import (
    BigInteger,
    Float,
    Integer,
    String,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from mock_bitrix import clock
from mock_bitrix.journal.entries import Delivered, Entry
from mock_bitrix.journal.metrics import Metrics
from mock_bitrix.journal.shown import Showing
from mock_bitrix.randomness import Randomness
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database, Row, StorageError
from mock_bitrix.storage.statement import Statement, insert_into

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator

LOOK_EVERY = 0.03
"""Seconds between two looks whether somebody asks."""

LOOKS = 300
"""A second, of all processes together: with more than a few, each looks less often."""

SELDOM = 1.0
"""Seconds between two looks at most: half of what an asker waits."""

BEAT_EVERY = 1.0
DEAD_AFTER = 5.0
FORGOTTEN_AFTER = 60.0
"""Seconds of silence after which a process isn't waited for, and its journal is thrown away."""

PATIENCE = 2.0
"""Seconds that the others have to tell what they know."""

_p, _j = schema.processes.c, schema.journal.c
_me = _p.id == bindparam("me", type_=String())

_register = Statement(insert(schema.processes).values({c.name: bindparam(c.name) for c in _p}))
_beat = Statement(
    update(schema.processes).where(_me).values(seen=bindparam("seen", type_=Float(53)))
)
_asked = Statement(select(_p.asked, _p.told).where(_me))
_told = Statement(
    update(schema.processes)
    .where(_me)
    .values(told=bindparam("told", type_=BigInteger()), metrics=bindparam("metrics"))
)
_ask = Statement(
    update(schema.processes)
    .where(
        _p.id != bindparam("me", type_=String()),
        _p.seen > bindparam("alive", type_=Float(53)),
        _p.asked < bindparam("ticket", type_=BigInteger()),
    )
    .values(asked=bindparam("ticket", type_=BigInteger()))
)
_silent = Statement(
    select(_p.id).where(
        _p.id != bindparam("me", type_=String()),
        _p.seen > bindparam("alive", type_=Float(53)),
        _p.told < bindparam("ticket", type_=BigInteger()),
    )
)
_others_metrics = Statement(select(_p.metrics).where(_p.id != bindparam("me", type_=String())))
_gone = Statement(select(_p.id).where(_p.seen <= bindparam("dead", type_=Float(53))))
_living = Statement(select(func.count()).where(_p.seen > bindparam("alive", type_=Float(53))))
_forget_process = Statement(delete(schema.processes).where(_me))
_forget_entries = Statement(
    delete(schema.journal).where(_j.process == bindparam("me", type_=String()))
)
_forget_older = Statement(
    delete(schema.journal).where(
        _j.process == bindparam("me", type_=String()),
        _j.id < bindparam("oldest", type_=BigInteger()),
    )
)
_of_portal = _j.portal_id == bindparam("portal_id", type_=Integer())
_forget_portal = Statement(delete(schema.journal).where(_of_portal))
_mark = Statement(
    lambda dialect: (row := insert_into(dialect, schema.forgotten)).on_conflict_do_update(
        index_elements=["portal_id"], set_={"until": row.excluded.until}
    )
)
_marked = Statement(
    select(schema.forgotten.c.until).where(
        schema.forgotten.c.portal_id == bindparam("portal_id", type_=Integer())
    )
)
_write = Statement(insert(schema.journal).values({c.name: bindparam(c.name) for c in _j}))
_read = Statement(
    select(_j.id, _j.method, _j.entry)
    .where(
        _of_portal,
        _j.kind == bindparam("kind", type_=String()),
        _j.process != bindparam("me", type_=String()),
        _j.id > bindparam("since", type_=BigInteger()),
    )
    .order_by(_j.id)
)


class Foreign(NamedTuple):
    """An entry of another process, as it is shown: `text` is JSON."""

    id: int
    method: str
    text: str


class Sharing:
    """This process's place among those on its database."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._database: Database = emulator.database
        self._me = Randomness().hexadecimal(32)
        self.look_every = LOOK_EVERY
        self.living = 1
        emulator.journal.share()
        self._database.run(
            _register,
            id=self._me,
            seen=clock.system_now(),
            asked=0,
            told=0,
            metrics=_dumped(Metrics()),
        )

    async def run(self) -> None:
        """Answer whoever asks, until cancelled."""
        beaten = 0.0
        while True:
            with contextlib.suppress(StorageError):  # the next look may find it well again
                if clock.stopwatch() - beaten > BEAT_EVERY:
                    beaten = clock.stopwatch()
                    await asyncio.to_thread(self.stay)
                await asyncio.to_thread(self._tell_if_asked)
            await asyncio.sleep(self.look_every)

    def entries(self, portal_id: int, kind: str, since: int) -> list[Foreign]:
        """What the other processes remember of a portal, as of now."""
        self._gather()
        rows = self._database.run(_read, portal_id=portal_id, kind=kind, me=self._me, since=since)
        return [Foreign(*row) for row in rows]

    def metrics(self) -> list[Metrics]:
        """The figures of the other processes."""
        self._gather()
        rows = self._database.run(_others_metrics, me=self._me)
        return [Metrics.from_json(orjson.loads(row[0])) for row in rows]

    def forget(self, portal_id: int) -> None:
        """Let all processes forget what they remember of a portal until now."""
        with self._database.transaction():
            until = self._emulator.journal.next_id()
            self._database.run(_mark, portal_id=portal_id, until=until)
            self._database.run(_forget_portal, portal_id=portal_id)

    def forgotten(self, portal_id: int) -> int:
        """The id up to which a portal's entries are forgotten."""
        rows = self._database.run(_marked, portal_id=portal_id)
        return int(rows[0][0]) if rows else 0

    def leave(self) -> None:
        """This process ends: nobody need wait for it; who lives on hears what it knows."""
        with contextlib.suppress(StorageError):
            now = clock.system_now()
            if self._alive(now) > 1:
                self._tell(self._emulator.journal.next_id())
            self._database.run(_beat, me=self._me, seen=now - DEAD_AFTER)

    def _alive(self, now: float) -> int:
        """How many processes there are, this one among them."""
        return int(self._database.run(_living, alive=now - DEAD_AFTER)[0][0])

    def _gather(self) -> None:
        """Ask the others, and wait until those that live have written."""
        ticket = self._emulator.journal.next_id()
        now = clock.system_now()
        who = {"me": self._me, "alive": now - DEAD_AFTER, "ticket": ticket}
        if not self._database.change(_ask, **who):
            return
        end = clock.stopwatch() + PATIENCE
        while self._database.run(_silent, **who) and clock.stopwatch() < end:
            clock.pause(LOOK_EVERY / 3)

    def _tell_if_asked(self) -> None:
        rows = self._database.run(_asked, me=self._me)
        if rows and rows[0][0] > rows[0][1]:
            self._tell(rows[0][0])

    def _tell(self, ticket: int) -> None:
        untold = self._emulator.journal.untold()
        oldest = self._emulator.journal.oldest()
        with self._database.transaction():
            self._database.change_many(_write, list(self._rows(untold)))
            self._database.run(_forget_older, me=self._me, oldest=oldest)
            metrics = _dumped(self._emulator.journal.metrics)
            self._database.run(_told, me=self._me, told=ticket, metrics=metrics)

    def _rows(self, entries: Iterable[Entry | Delivered]) -> Iterator[dict[str, Any]]:
        by_portal: dict[int, list[Entry | Delivered]] = defaultdict(list)
        for entry in entries:
            by_portal[entry.portal_id].append(entry)
        for portal_id, found in by_portal.items():
            portal = self._emulator.directory.revised().portal(portal_id)
            if portal is not None:
                showing = Showing(self._emulator, portal)
                yield from (self._row(entry, showing) for entry in found)

    def _row(self, entry: Entry | Delivered, showing: Showing) -> dict[str, Any]:
        is_call = isinstance(entry, Entry)
        return {
            "process": self._me,
            "id": entry.id,
            "portal_id": entry.portal_id,
            "kind": "call" if is_call else "delivery",
            "method": entry.method.lower() if isinstance(entry, Entry) else "",
            "entry": showing.text(entry).decode(),
        }

    def stay(self) -> None:
        """Show that this process lives; clear up behind those that died."""
        now = clock.system_now()
        self._database.run(_beat, me=self._me, seen=now)
        self.living = self._alive(now)
        self.look_every = min(max(LOOK_EVERY, self.living / LOOKS), SELDOM)
        gone: list[Row] = self._database.run(_gone, dead=now - FORGOTTEN_AFTER)
        for (process,) in gone:
            self._database.run(_forget_entries, me=process)
            self._database.run(_forget_process, me=process)


def _dumped(metrics: Metrics) -> str:
    return orjson.dumps(metrics.as_json()).decode()
