"""Reading the journal: that of this process and those of the others on its database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import orjson

from mock_bitrix.journal.entries import Delivered, Entry
from mock_bitrix.journal.metrics import Metrics
from mock_bitrix.journal.sharing import Foreign
from mock_bitrix.journal.shown import Showing
from mock_bitrix.portal.model import Portal

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator


Found = dict[int, Entry | Delivered | Foreign]
"""Calls or deliveries by their ids."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: methods by pattern (lower case), ids above `since`, the newest `limit`.

    `until`: no id above it. `about`: only calls in whose parameters or answer this text stands.
    """

    method: str = "*"
    since: int = 0
    limit: int = 1_000_000
    until: int = 2**63 - 1
    about: str = ""

    def has(self, entry: Entry) -> bool:
        """Whether a call is meant, apart from `since` and `limit`."""
        return (
            entry.id <= self.until
            and fnmatchcase(entry.method.lower(), self.method)
            and (not self.about or _mentions(entry, self.about))
        )

    def has_foreign(self, entry: Foreign) -> bool:
        """The same of a call or delivery of another process."""
        return (
            entry.id <= self.until
            and fnmatchcase(entry.method, self.method)
            and self.about in entry.text
        )


def calls(emulator: Emulator, portal: Portal, wanted: Wanted) -> list[orjson.Fragment]:
    """A portal's calls as JSON, oldest first."""
    return shown(emulator, portal, newest_calls(emulator, portal, wanted))


def newest_calls(emulator: Emulator, portal: Portal, wanted: Wanted) -> Found:
    """A portal's calls by their ids, oldest first, as they are remembered."""
    wanted = _known(emulator, portal, wanted)
    known = emulator.journal.calls(portal.id, wanted.since)
    found = [entry for entry in known if wanted.has(entry)]
    return _merged(emulator, portal, "call", found, wanted)


def shown(emulator: Emulator, portal: Portal, found: Found) -> list[orjson.Fragment]:
    """Calls or deliveries of a portal as JSON, without secrets, with hints."""
    showing = Showing(emulator, portal)
    return [
        orjson.Fragment(each.text if isinstance(each, Foreign) else showing.text(each))
        for each in found.values()
    ]


def deliveries(emulator: Emulator, portal: Portal, wanted: Wanted) -> list[orjson.Fragment]:
    """A portal's deliveries as JSON, oldest first."""
    wanted = _known(emulator, portal, wanted)
    found = emulator.journal.deliveries(portal.id, wanted.since)
    return shown(emulator, portal, _merged(emulator, portal, "delivery", found, wanted))


def count(emulator: Emulator, portal: Portal) -> int:
    """How many calls of a portal the journals have."""
    since = _known(emulator, portal, Wanted()).since
    others = emulator.sharing.entries(portal.id, "call", since) if emulator.sharing else ()
    return len(emulator.journal.calls(portal.id, since)) + len(others)


def forget(emulator: Emulator, portal_id: int) -> None:
    """Forget a portal's calls and deliveries, in every process."""
    if emulator.sharing:
        emulator.sharing.forget(portal_id)
    emulator.journal.forget(portal_id)


def metrics(emulator: Emulator) -> Metrics:
    """The figures of all processes together."""
    total = Metrics()
    for each in (
        emulator.journal.metrics,
        *(emulator.sharing.metrics() if emulator.sharing else ()),
    ):
        total.add(each)
    return total


def _known(emulator: Emulator, portal: Portal, wanted: Wanted) -> Wanted:
    """What is wanted, but for what was forgotten by another process."""
    if emulator.sharing is None:
        return wanted
    return replace(wanted, since=max(wanted.since, emulator.sharing.forgotten(portal.id)))


def _mentions(entry: Entry, text: str) -> bool:
    answer = (entry.outer or entry).answer
    return text.encode("utf-8", "replace") in answer or text in str(entry.parameters)


def _merged(
    emulator: Emulator, portal: Portal, kind: str, own: Sequence[Entry | Delivered], wanted: Wanted
) -> Found:
    """The newest of this process and of the others, by id."""
    others = emulator.sharing.entries(portal.id, kind, wanted.since) if emulator.sharing else ()
    entries: Found = {entry.id: entry for entry in own}
    entries |= {each.id: each for each in others if wanted.has_foreign(each)}
    return {number: entries[number] for number in sorted(entries)[-wanted.limit :]}
