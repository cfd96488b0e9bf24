"""The portal of one history, the workers on it, and what a history can let happen there."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from mock_bitrix import clock
from mock_bitrix.check.changes import Change, Changes
from mock_bitrix.check.evidence import Evidence, Happened
from mock_bitrix.check.processes import Workers
from mock_bitrix.entities.events import causes
from mock_bitrix.queue.message_id import message_id
from mock_bitrix.testing.portal import Portal
from mock_bitrix.testing.seen import Call, Row

LOOK = 0.03
"""Seconds between two looks at a portal."""

QUIET = 0.3
"""Seconds without a call that does anything, after which a drained portal counts as done."""

STARTING = 10.0
"""Seconds that a worker may take from its start to its first call; they don't count as idle."""

PERSON = 2
"""The user who makes the changes; the worker is user 1."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: for a whole history, for a worker without progress, for one to end when asked."""

    history: float = 30.0
    settle: float = 3.0
    grace: float = 5.0


class Stage:
    """Where a history plays. `dice`: all chance of the history, by its seed."""

    def __init__(
        self,
        portal: Portal,
        workers: Workers,
        *,
        changes: Changes,
        connector: str,
        dice: random.Random,
        patience: Patience,
    ) -> None:
        self.portal = portal
        self.workers = workers
        self.dice = dice
        self._changes = changes
        self._connector = connector
        self._patience = patience
        self._happened: dict[int, Happened] = {}
        self._calls: dict[int, Call] = {}
        self._queue: Sequence[Row] = ()
        self._crashes: list[int] = []
        self._end = clock.stopwatch() + patience.history
        self._looked = self._moved = clock.stopwatch()
        self._idle = 0.0

    # What a history can let happen.

    def happen(self, count: int) -> list[Change]:
        """So many different changes by a person."""
        changes = [self._changes.next() for _ in range(count)]
        self.again(changes)
        return changes

    def again(self, changes: Sequence[Change]) -> None:
        """The same changes (once more)."""
        for change in changes:
            moment = _now()
            [number] = self.portal.emit(*change, user_id=PERSON)
            before = self._happened.get(number)
            moments = (*(before.moments if before else ()), moment)
            self._happened[number] = Happened(number, *change, moments)
        self._move()

    def fail_earlier(self, count: int) -> list[Change]:
        """So many rows that wait as errors, marked by a worker of former days."""
        changes = [self._changes.next() for _ in range(count)]
        for change in changes:
            moment = _now()
            number = self.portal.put(
                *change,
                auth_connector=self._connector,
                additional={"user_id": str(PERSON)},
                error=True,
            )
            self._happened[number] = Happened(number, *change, (moment,))
        return changes

    def start(self, count: int = 1) -> None:
        """Start workers."""
        self.workers.start(count)
        self._move()

    def crash(self) -> None:
        """Kill the workers; they are started again."""
        self.workers.crash()
        self._crashes.append(_now())
        self._move()

    # Waiting. Each gives up when nothing moves any more, or when the history's time is over.

    def until_held(self) -> None:
        """Until a take has had its effect, whether or not its answer has been sent."""
        made = len(self._happened)
        self._until(lambda: len(self._free()) < made)

    def until_taken(self) -> None:
        """Until an answer with rows has arrived."""
        self._until(lambda: any(call.rows and call.arrived for call in self._calls.values()))

    def until_told(self) -> None:
        """Until the journal has a take whose answer was lost: it is there when the call is over."""
        self._until(lambda: any(call.rows and not call.sent for call in self._calls.values()))

    def until_drained(self) -> None:
        """Until no row is left."""
        self._until(lambda: not self._queue)

    def until_done(self) -> None:
        """Until no row is left and the workers do nothing more."""
        self._until(lambda: not self._queue and clock.stopwatch() - self._moved > QUIET)

    def _until(self, done: Callable[[], bool]) -> None:
        while True:
            self.workers.tend()
            self._look()
            settled = self._idle > self._patience.settle or self.workers.hopeless
            if done() or settled or clock.stopwatch() > self._end:
                return
            clock.pause(LOOK)

    def _look(self) -> None:
        queue = self.portal.queue
        calls = [Call.read(each) for each in self.portal.control.calls(since=self._last())]
        self._calls |= {call.id: call for call in calls}
        if _shape(queue) != _shape(self._queue) or any(map(_does_something, calls)):
            self._move()
        elif not self._starting():
            self._idle += clock.stopwatch() - self._looked
        self._looked = clock.stopwatch()
        self._queue = queue

    def _move(self) -> None:
        self._moved, self._idle = clock.stopwatch(), 0.0

    def _starting(self) -> bool:
        """Whether the worker that was started last hasn't called yet, and may take its time."""
        since = self.workers.begun
        called = (self._last() or 0) > since * 1_000_000
        late = clock.system_now() - since > STARTING
        return self.workers.running and not called and not late

    def _last(self) -> int | None:
        return max(self._calls, default=None)

    def _free(self) -> list[Row]:
        return [row for row in self._queue if not row.process_id]

    def evidence(self) -> Evidence:
        """Stop the workers; all that is known."""
        self.workers.stop()
        queue = tuple(self.portal.queue)
        self._calls |= {call.id: call for call in self.portal.calls}
        return Evidence(
            self._connector,
            tuple(map(_with_message, self._happened.values())),
            tuple(sorted(self._calls.values(), key=lambda call: call.id)),
            queue,
            tuple(self._crashes),
            tuple(self.workers.ended),
        )


def _with_message(happened: Happened) -> Happened:
    return replace(happened, message_id=message_id(happened.event, happened.data))


def _now() -> int:
    return int(clock.system_now() * 1_000_000)


def _shape(queue: Sequence[Row]) -> list[tuple[int, str, bool]]:
    return [(row.id, row.process_id, row.error) for row in queue]


def _does_something(call: Call) -> bool:
    """Whether it gave rows, wrote something that causes events, or met a fault."""
    return bool(call.rows or call.fault or causes(call.method))
