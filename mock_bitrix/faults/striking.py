"""Whether a fault strikes a call."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mock_bitrix.faults.model import SLOW, Blow, Fault, Moment
from mock_bitrix.faults.store import Faults
from mock_bitrix.portal.model import Portal
from mock_bitrix.randomness import Randomness
from mock_bitrix.storage.counters import Counters

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator


def armed(emulator: Emulator, portal: Portal) -> tuple[Fault, ...]:
    """The portal's faults that can still strike."""
    return emulator.directory.keep(("faults", portal.id), _read, emulator, portal)


def strike(
    faults: Iterable[Fault], emulator: Emulator, portal: Portal, method: str, when: Moment
) -> Blow | None:
    """What these faults do to a call, if anything.

    Delays add up; the first fault that ends the call is the last one asked.
    """
    delay, struck = 0.0, False
    for fault in faults:
        if not _strikes(emulator, portal, fault, method, when):
            continue
        delay, struck = delay + fault.delay, True
        if fault.fault != SLOW:
            return Blow(delay, fault.fault)
    return Blow(delay) if struck else None


def _read(emulator: Emulator, portal: Portal) -> tuple[Fault, ...]:
    return Faults(emulator.database, portal).armed()


def _strikes(emulator: Emulator, portal: Portal, fault: Fault, method: str, when: Moment) -> bool:
    if not fault.concerns(method.lower(), when):
        return False
    if fault.probability < 1 and _chance(emulator, portal).uniform() >= fault.probability:
        return False
    return Faults(emulator.database, portal).claim(fault)


def _chance(emulator: Emulator, portal: Portal) -> Randomness:
    """Dice of its own: faults don't change the identifiers that a seed gives."""
    if portal.seed is None:
        return Randomness()
    counters = Counters(emulator.database, portal.id)
    return Randomness(f"{portal.seed}:faults", lambda: counters.next("dice"))
