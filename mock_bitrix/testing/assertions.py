"""What should have happened to the events of a portal; what happened, where it didn't."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from mock_bitrix import clock
from mock_bitrix.testing import telling
from mock_bitrix.testing.control import ControlError, PortalControl
from mock_bitrix.testing.ledger import Ledger, Story
from mock_bitrix.testing.seen import Call, Row

PAUSE = 0.02
"""Seconds between two looks."""


class Assertions:
    """The part of `Portal` that asserts.

    All speak of rows that were queued: by `emit` and `put`, by calls, or seen in the queue or in a
    take; with `event`, of that event's. Each fails where there are none.
    """

    if TYPE_CHECKING:
        control: PortalControl
        _happened: dict[int, Story]

        @property
        def queue(self) -> list[Row]: ...

        @property
        def calls(self) -> list[Call]: ...

    def assert_taken_once(self, event: str | None = None) -> None:
        """Every row arrived in an answer, and in one only.

        An answer that was lost on its way doesn't count. A row may arrive again after it was
        marked by event.offline.error, or after an answer of the queue's methods that was lost.
        """
        __tracebackhide__ = True
        self._check(event, "taken exactly once", _taken_once)

    def assert_taken(self, event: str | None = None) -> None:
        """Every row arrived in an answer, once or more often."""
        __tracebackhide__ = True
        self._check(event, "taken", lambda story: bool(story.calls("taken")))

    def assert_not_taken(self, event: str | None = None) -> None:
        """No row was in the answer to a take, arrived or lost."""
        __tracebackhide__ = True
        self._check(event, "left alone", lambda story: not story.calls("taken", "lost"))

    def assert_confirmed(self, event: str | None = None) -> None:
        """Every row left the queue, confirmed or by an answer that arrived."""
        __tracebackhide__ = True
        self._check(event, "confirmed", lambda story: story.gone and not story.lost)

    def assert_nothing_lost(self, event: str | None = None) -> None:
        """Every row is in the queue still, or arrived in an answer, or was confirmed."""
        __tracebackhide__ = True
        self._check(event, "kept", lambda story: not story.lost)

    def assert_called(self, method: str, times: int | None = None, /, **parameters: Any) -> None:
        """The method (a pattern) was called: so many times, or at least once.

        Only calls that carry these parameters count, whatever else they carry.
        """
        __tracebackhide__ = True
        calls = self.calls
        same = [call for call in calls if fnmatchcase(call.method.lower(), method.lower())]
        found = [call for call in same if _carries(call, parameters)]
        if len(found) != times if times is not None else not found:
            raise AssertionError(telling.not_called(method, times, parameters, same, calls))

    def wait_until_drained(self, timeout: float = 5.0) -> None:
        """Wait until no row is left in any queue; fail after `timeout` seconds."""
        __tracebackhide__ = True
        try:
            self.control.wait(drained=True, timeout=timeout)
        except ControlError as late:
            if late.status != 408:
                raise
            left = [story for story in self._stories() if not story.gone]
            head = f"not drained after {timeout:g} s; rows left: {late.answer['rows']}"
            raise AssertionError(self._told(head, left)) from None

    def wait_for_call(self, method: str, times: int = 1, timeout: float = 5.0) -> list[Call]:
        """Wait until a method (a pattern) was called so often; give the calls."""
        __tracebackhide__ = True
        end = clock.stopwatch() + timeout
        while True:
            found = list(map(Call.read, self.control.calls(method)))
            if len(found) >= times:
                return found
            if clock.stopwatch() >= end:
                raise AssertionError(telling.not_called(method, times, {}, found, self.calls))
            clock.pause(PAUSE)

    def _stories(self) -> list[Story]:
        # The queue first: what a call takes away in between is in the journal by then.
        queue = self.queue
        calls = self.calls
        known = [
            Story(each.id, each.event, connector=each.connector) for each in self._happened.values()
        ]
        return list(Ledger(calls, queue, known))

    def _check(self, event: str | None, wanted: str, holds: Callable[[Story], bool]) -> None:
        __tracebackhide__ = True
        stories = [s for s in self._stories() if event is None or s.event == event.upper()]
        wrong = [story for story in stories if not holds(story)]
        if not stories:
            named = f"no {event.upper()} was" if event else "no event was"
            raise AssertionError(self._told(f"{named} ever queued, so none can be {wanted}", []))
        if wrong:
            head = f"{len(wrong)} of {len(stories)} events not {wanted}:"
            raise AssertionError(self._told(head, wrong))

    def _told(self, head: str, stories: list[Story]) -> str:
        return telling.about(head, stories, self.calls, self.control.bindings())


def _taken_once(story: Story) -> bool:
    return bool(story.calls("taken")) and not story.repeats()


def _carries(call: Call, parameters: dict[str, Any]) -> bool:
    return all(call.params.get(name) == value for name, value in parameters.items())
