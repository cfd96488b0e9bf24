"""Hints for the log, found in the log's own thread; for most calls the queue isn't asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_bitrix import clock
from mock_bitrix.journal.entries import Entry
from mock_bitrix.journal.hints import Hints, by_call
from mock_bitrix.journal.masking import masked_text
from mock_bitrix.storage.database import StorageError

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator
    from mock_bitrix.portal.model import Portal

KNOWN_FOR = 1.0
"""Seconds for which the answer of a queue is good enough for the next empty takes."""

SHARE = 20
"""The log rests so many times as long as the queue took to answer: a large one takes long."""


class Hinting:
    """Finds hints without holding up anybody."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._kept: dict[int, tuple[float, Hints]] = {}

    def of(self, entry: Entry) -> list[str]:
        """The hints for a call."""
        found = by_call(entry)
        if entry.taken == 0 and entry.caller is not None:
            found += self._empty(entry, entry.caller.portal)
        return [masked_text(hint) for hint in found] if found else found

    def _empty(self, entry: Entry, portal: Portal) -> list[str]:
        until, hints = self._kept.get(portal.id, (0.0, None))
        begun = clock.stopwatch()
        try:
            if hints is not None and begun < until:
                return list(hints.empty(entry))
            hints = Hints(self._emulator, portal)
            found = list(hints.empty(entry))
        except StorageError:  # the call itself has said so
            return []
        took = clock.stopwatch() - begun
        self._kept[portal.id] = (begun + max(KNOWN_FOR, SHARE * took), hints)
        return found
