"""What a portal's day is made of: one table of mixes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of what happens; those of `kinds` count against each other.

    `adds` and `deletes`: shares of all changes, the rest are updates. `hot`: share of the updates
    that goes to the `few` entities which everybody works on. `echoes`: share of the changes that
    the application makes itself. `bursts`: share of the seconds in which `crowd` times as much
    happens, all of it within that second.
    """

    kinds: Mapping[str, int]
    adds: float
    deletes: float
    hot: float = 0.8
    few: int = 10
    echoes: float = 0.1
    bursts: float = 0.1
    crowd: float = 6.0


MIXES = {
    "busy-crm": Mix({"crm.lead": 5, "crm.deal": 4, "crm.contact": 2, "crm.company": 1}, 0.12, 0.02),
    "import": Mix({"crm.contact": 3, "crm.company": 1}, 0.9, 0.0, bursts=0.3),
    "tasks": Mix({"tasks.task": 4, "crm.lead": 1}, 0.2, 0.05, few=5),
}
"""The mixes by name."""
