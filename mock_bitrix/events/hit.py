"""One hit: what a single request causes, however many changes, goes out together at its end."""

from __future__ import annotations

import logging
from contextvars import ContextVar, Token
from typing import TYPE_CHECKING, NamedTuple

from mock_bitrix.events.publish import Due, Happening, Outcome, publish
from mock_bitrix.log.failures import first_words
from mock_bitrix.php.json import plain
from mock_bitrix.portal.model import Portal
from mock_bitrix.storage.database import StorageError

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator

logger = logging.getLogger("mock_bitrix.events")


class Call(NamedTuple):
    """A handler that is to be called, and because of what."""

    portal: Portal
    due: Due
    happening: Happening


class Rows(NamedTuple):
    """An application that got rows into its queue, and the last change that put one there."""

    portal: Portal
    application_id: int
    happening: Happening


class Hit:
    """What has come together so far: handlers to call, and applications that got rows.

    Within another hit it stands back for that one. Its deliveries leave at its end, after the
    commit, and not at all where the change was rolled back. `address`: scheme and host by which
    the caller came; empty: nobody called.
    """

    __slots__ = ("_emulator", "_reset", "address", "calls", "queued")

    def __init__(self, emulator: Emulator, address: str = "") -> None:
        self._emulator, self.address = emulator, address
        self.calls: dict[tuple[int, str, str], Call] = {}
        self.queued: dict[tuple[int, int], Rows] = {}
        self._reset: Token[Hit | None] | None = None

    def __enter__(self) -> Hit:
        current = _current.get()
        if current is None:
            self._reset = _current.set(self)
        return current or self

    def __exit__(self, *_: object) -> None:
        if self._reset is not None:
            _current.reset(self._reset)
            self._emulator.database.after_commit(self._finish)

    def _finish(self) -> None:
        if self.calls or self.queued:
            _finish(self._emulator, self)

    def add(self, portal: Portal, happening: Happening, outcome: Outcome) -> None:
        """Keep what a change has led to; an identical online event is kept once (protocol G.1)."""
        if outcome.due:
            data = plain(happening.data)
            for due in outcome.due:
                key = (due.binding.id, happening.event, data)
                self.calls.setdefault(key, Call(portal, due, happening))
        for application_id in outcome.applications:
            self.queued[portal.id, application_id] = Rows(portal, application_id, happening)


_current: ContextVar[Hit | None] = ContextVar("hit", default=None)


def happen(
    emulator: Emulator, portal: Portal, happening: Happening, only: int | None = None
) -> Outcome:
    """A change happens: queues have it at once, handlers hear of it at the end of the hit.

    `only`: the number of the one application that is meant.
    """
    with Hit(emulator) as current:
        outcome = publish(emulator, portal, happening, only)
        emulator.database.after_commit(lambda: current.add(portal, happening, outcome))
    return outcome


def _finish(emulator: Emulator, hit: Hit) -> None:
    """Write the letters and post them. What fails here must not fail the call that is done."""
    from mock_bitrix.events.letters import letters_of
    from mock_bitrix.events.notices import notices_of

    try:
        with emulator.database.transaction():
            calls = [*hit.calls.values(), *notices_of(emulator, hit.queued.values())]
            letters = letters_of(emulator, hit.address, calls)
    except StorageError as failure:
        logger.error("deliveries are lost: the database failed: %s", first_words(str(failure)))
    else:
        emulator.deliverer.send(letters)
