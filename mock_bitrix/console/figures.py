"""How many rows each queue holds: counted seldom enough that looking on costs the server little."""

from __future__ import annotations

from dataclasses import dataclass

from mock_bitrix import clock
from mock_bitrix.clock import Clock
from mock_bitrix.portal.model import Portal
from mock_bitrix.queue.overview import Contents, Overview
from mock_bitrix.storage.database import Database

SHARE = 20
"""Counting takes at most one part in so many of the time, however large the queues."""

LONGEST = 10.0
"""Seconds that figures are believed where nobody has written: rows expire without that."""

STALE = 5.0
"""Seconds that they are believed where somebody may have, however long counting takes."""

MOST = 1_000
"""Portals whose figures are kept."""


@dataclass(frozen=True, slots=True)
class _Count:
    """What was counted; when, what that took, and what the database and the clock were then."""

    contents: list[Contents]
    at: float
    took: float
    version: int | None
    clock: Clock

    def holds(self, version: int | None, portal_clock: Clock) -> bool:
        """Whether it needn't be counted again."""
        age = clock.stopwatch() - self.at
        unchanged = version is not None and version == self.version and age < LONGEST
        return self.clock == portal_clock and (unchanged or age < min(SHARE * self.took, STALE))


class Figures:
    """The figures of every portal. Ask from one thread only, which writes nothing itself."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: dict[int, _Count] = {}

    def of(self, portal: Portal) -> list[Contents]:
        """What each queue of a portal holds, as of now or of a moment ago."""
        version = self._database.others_wrote()
        kept = self._kept.get(portal.id)
        if kept is None or not kept.holds(version, portal.clock):
            kept = self._counted(portal, version)
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[portal.id] = kept
        return kept.contents

    def _counted(self, portal: Portal, version: int | None) -> _Count:
        start = clock.stopwatch()
        contents = Overview(self._database, portal).contents()
        end = clock.stopwatch()
        return _Count(contents, end, end - start, version, portal.clock)
