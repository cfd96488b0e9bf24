"""The memory of one process: the last calls and deliveries of all portals, oldest first."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mock_bitrix import clock
from mock_bitrix.journal.entries import Delivered, Entry
from mock_bitrix.journal.metrics import Metrics

if TYPE_CHECKING:
    from mock_bitrix.events.deliver import Delivery

MOST = 3_000
"""Calls that are remembered, and as many deliveries."""

AT_ONCE = 64
"""Calls that are counted and entered together: one by one they cost a poll three times as much."""

LARGEST = 6 * 1024 * 1024
"""Bytes of requests, answers and taken rows that are remembered with them."""


class Journal:
    """Calls and deliveries, until they are forgotten or too many. For any number of threads.

    `listener` hears of each one at once, and of calls that are mentioned only.
    """

    def __init__(self, most: int = MOST, largest: int = LARGEST) -> None:
        self.listener: Callable[[Entry | Delivered], None] | None = None
        self._metrics = Metrics()
        self._ended: list[Entry] = []  # not counted yet, nor among the calls
        self._calls: deque[Entry] = deque()
        self._deliveries: deque[Delivered] = deque()
        self._most, self._largest = most, largest
        self._size = 0
        self._last = 0
        self._untold: set[int] | None = None  # ids of what is remembered
        self._lock = threading.Lock()

    def begin(self) -> Entry:
        """An entry for a call that begins. It isn't in the journal until it is recorded."""
        return Entry(self.next_id())

    def next_id(self) -> int:
        """A number that grows with time, in microseconds: those of several processes mix well."""
        with self._lock:
            self._last = max(self._last + 1, int(clock.system_now() * 1_000_000))
            return self._last

    def record(self, entry: Entry) -> None:
        """Remember a call that has ended."""
        with self._lock:
            self._ended.append(entry)
            self._size += entry.size
            if len(self._ended) >= AT_ONCE or self._size > self._largest:
                self._enter()
        self.mention(entry)

    def mention(self, entry: Entry | Delivered) -> None:
        """Tell the listener of a call or a delivery, without remembering it."""
        if self.listener is not None:
            self.listener(entry)

    def mention_refused(self, method: str, status: int, answer: bytes) -> None:
        """Tell the listener of a call that was refused before its portal was known."""
        entry = self.begin()
        entry.method, entry.status, entry.answer = method, status, answer
        self.mention(entry)

    def record_delivery(self, delivery: Delivery) -> None:
        """Remember what became of a letter to a handler."""
        letter = delivery.letter
        entry = Delivered(self.next_id(), letter.portal_id, letter.at, delivery)
        with self._lock:
            self._deliveries.append(entry)
            self._note(entry)
            if len(self._deliveries) > self._most:
                self._lose(self._deliveries.popleft())
        self.mention(entry)

    @property
    def metrics(self) -> Metrics:
        """The figures of all calls that have ended."""
        with self._entered():
            return self._metrics

    def calls(self, portal_id: int, since: int = 0) -> list[Entry]:
        """A portal's calls with a greater id than `since`, in the order of their ids."""
        with self._entered():
            known = list(self._calls)
        found = [entry for entry in known if entry.portal_id == portal_id and entry.id > since]
        return sorted(found, key=lambda entry: entry.id)

    def deliveries(self, portal_id: int, since: int = 0) -> list[Delivered]:
        """A portal's deliveries with a greater id than `since`, oldest first."""
        with self._lock:
            known = list(self._deliveries)
        return [entry for entry in known if entry.portal_id == portal_id and entry.id > since]

    def share(self) -> None:
        """Keep count, from now on, of what the other processes have not been told."""
        with self._entered():
            self._untold = set()

    def untold(self) -> list[Entry | Delivered]:
        """What came since this was asked last, and is still remembered."""
        with self._entered():
            new, self._untold = self._untold or set(), set()
            known: tuple[Entry | Delivered, ...] = (*self._calls, *self._deliveries)
            return [entry for entry in known if entry.id in new]

    def oldest(self) -> int:
        """The id of the oldest call that is remembered; the next id, where there is none."""
        with self._entered():
            ids = [entries[0].id for entries in (self._calls, self._deliveries) if entries]
        return min(ids, default=0) or self.next_id()

    @contextmanager
    def _entered(self) -> Iterator[None]:
        """Inside, the journal holds still, and every call that has ended is in it."""
        with self._lock:
            self._enter()
            yield

    def _enter(self) -> None:
        """Count the calls that have ended, and take them in; forget the oldest ones for them."""
        for entry in self._ended:
            self._metrics.count(entry)
            self._note(entry)
        self._calls += self._ended
        self._ended.clear()
        while len(self._calls) > self._most or self._size > self._largest:
            gone = self._calls.popleft()
            self._size -= gone.size
            self._lose(gone)

    def _note(self, entry: Entry | Delivered) -> None:
        if self._untold is not None:
            self._untold.add(entry.id)

    def _lose(self, entry: Entry | Delivered) -> None:
        if self._untold is not None:
            self._untold.discard(entry.id)

    def forget(self, portal_id: int) -> None:
        """Forget a portal's calls and deliveries."""
        with self._entered():
            self._calls = deque(entry for entry in self._calls if entry.portal_id != portal_id)
            self._size = sum(entry.size for entry in self._calls)
            kept = (entry for entry in self._deliveries if entry.portal_id != portal_id)
            self._deliveries = deque(kept)
