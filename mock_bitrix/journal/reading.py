"""Reading the journal: that of this process and those of the others on its database."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import orjson

from mock_bitrix.journal.shown import Showing
from mock_bitrix.portal.model import Portal

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: methods by pattern (lower case), ids above `since`, the newest `limit`."""

    method: str = "*"
    since: int = 0
    limit: int = 1_000_000


def calls(emulator: Emulator, portal: Portal, wanted: Wanted) -> list[orjson.Fragment]:
    """A portal's calls as JSON, oldest first."""
    found = [
        entry
        for entry in emulator.journal.calls(portal.id, wanted.since)
        if fnmatchcase(entry.method.lower(), wanted.method)
    ]
    return Showing(emulator, portal).calls(found[-wanted.limit :])


def count(emulator: Emulator, portal: Portal) -> int:
    """How many calls of a portal the journal has."""
    return len(emulator.journal.calls(portal.id))


def deliveries(emulator: Emulator, portal: Portal, wanted: Wanted) -> list[orjson.Fragment]:
    """A portal's deliveries as JSON, oldest first."""
    found = emulator.journal.deliveries(portal.id, wanted.since)
    return Showing(emulator, portal).deliveries(found[-wanted.limit :])


def forget(emulator: Emulator, portal: Portal) -> None:
    """Forget a portal's calls and deliveries, in every process."""
    emulator.journal.forget(portal.id)
