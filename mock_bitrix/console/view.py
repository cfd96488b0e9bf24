"""What every part of a portal's page looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from mock_bitrix.console.asked import Asked
from mock_bitrix.console.figures import Figures
from mock_bitrix.console.remembered import Remembered
from mock_bitrix.emulator import Emulator
from mock_bitrix.journal.masking import Known, masked_text
from mock_bitrix.journal.shown import known_secrets
from mock_bitrix.portal.model import Application, Binding, Portal
from mock_bitrix.queue.overview import Contents

UNSEEN = 100_000
"""Characters of a text beyond which nothing is shown, and so nothing has to be hidden."""


class Memory(NamedTuple):
    """What is known from earlier looks."""

    figures: Figures
    calls: Remembered


@dataclass(frozen=True, slots=True)
class View:
    """One look at a portal: what is asked for, and what all parts need to know."""

    emulator: Emulator
    memory: Memory
    portal: Portal
    asked: Asked
    contents: list[Contents]
    applications: list[Application]
    bindings: list[Binding]
    secrets: Known = field(repr=False)

    def names(self) -> Mapping[int, str]:
        """The applications' client ids, by their numbers."""
        return {each.id: each.client_id for each in self.applications}

    def connectors(self) -> list[str]:
        """Every connector that a row or an offline binding has, in order; empty: without one."""
        bound = {each.connector for each in self.bindings if each.offline}
        return sorted(bound | {each.connector for each in self.contents})

    def without_secrets(self, text: str) -> str:
        """A text without the portal's tokens and secrets, and without what looks like one."""
        known = self.secrets.masked(text[:UNSEEN].encode("utf-8", "replace"))
        return masked_text(known.decode())


def look(emulator: Emulator, memory: Memory, portal: Portal, asked: Asked) -> View:
    """Look at a portal."""
    directory = emulator.directory
    return View(
        emulator,
        memory,
        portal,
        asked,
        memory.figures.of(portal),
        directory.applications(portal),
        directory.bindings(portal),
        known_secrets(emulator, portal),
    )
