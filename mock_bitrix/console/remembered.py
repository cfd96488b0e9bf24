"""Calls that were shown before: making a call readable costs more than all else on the page."""

from __future__ import annotations

from typing import Any

import orjson

from mock_bitrix.emulator import Emulator
from mock_bitrix.journal import reading
from mock_bitrix.portal.model import Portal

MOST = 1_000
"""Calls that are kept."""

Call = dict[str, Any]


class Remembered:
    """Calls as they were first shown. Ask from one thread only."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._kept: dict[tuple[int, int], Call] = {}

    def calls(self, portal: Portal, wanted: reading.Wanted) -> list[Call]:
        """A portal's calls, newest first."""
        found = reading.newest_calls(self._emulator, portal, wanted)
        missing = {each: found[each] for each in found if (portal.id, each) not in self._kept}
        shown = reading.shown(self._emulator, portal, missing)
        fresh = {call["id"]: call for call in map(_read, shown)}
        calls = [fresh.get(each) or self._kept[portal.id, each] for each in reversed(found)]
        self._keep(portal, fresh)
        return calls

    def _keep(self, portal: Portal, fresh: dict[int, Call]) -> None:
        """Keep what won't change: a batch's commands have no answer until the batch has one."""
        for number, call in fresh.items():
            if call["batch"] is None:
                self._kept[portal.id, number] = call
        for key in list(self._kept)[:-MOST]:
            del self._kept[key]


def _read(shown: orjson.Fragment) -> Call:
    call: Call = orjson.loads(orjson.dumps(shown))
    return call
