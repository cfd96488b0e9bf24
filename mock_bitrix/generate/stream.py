"""The stream of changes: the same seed gives the same one. Knows nothing of servers."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mock_bitrix.generate.fields import fields_of
from mock_bitrix.generate.mixes import Mix
from mock_bitrix.randomness import sequence

Action = Literal["add", "update", "delete"]


@dataclass(frozen=True, slots=True)
class Step:
    """One change, `at` seconds after the start.

    `entity`: the number of the add that makes or made it, counted from 0 over all kinds. `echo`:
    whether the application makes the change itself, so that it must not hear of it.
    """

    at: float
    action: Action
    kind: str
    entity: int
    fields: dict[str, str]
    echo: bool


def steps(mix: Mix, rate: float, seed: str) -> Iterator[Step]:
    """Changes without end, in the order of their moments, on average `rate` in a second."""
    world = _World(mix, sequence(seed))
    for second in itertools.count():
        for moment in world.moments(rate):
            yield world.step(second + moment)


class _World:
    """What is there, as far as the stream has made it."""

    def __init__(self, mix: Mix, source: random.Random) -> None:
        self._mix = mix
        self._random = source
        self._kinds = list(mix.kinds)
        self._weights = list(mix.kinds.values())
        self._count = 0
        self._alive: list[tuple[int, str]] = []

    def moments(self, rate: float) -> list[float]:
        """When something happens within a second: an ordinary one, or a burst."""
        mix, chance = self._mix, self._random.random()
        usual = rate / (1 + mix.bursts * (mix.crowd - 1))
        mean = usual * mix.crowd if chance < mix.bursts else usual
        whole, rest = divmod(mean * self._random.uniform(0.5, 1.5), 1)
        count = int(whole) + (self._random.random() < rest)
        return sorted(self._random.random() for _ in range(count))

    def step(self, at: float) -> Step:
        """The next change."""
        chance, mix = self._random.random(), self._mix
        echo = self._random.random() < mix.echoes
        if not self._alive or chance < mix.adds:
            return self._add(at, echo)
        if chance < mix.adds + mix.deletes:
            entity, kind = self._alive.pop(self._random.randrange(len(self._alive)))
            return Step(at, "delete", kind, entity, {}, echo)
        entity, kind = self._chosen()
        return Step(at, "update", kind, entity, fields_of(kind, "update", self._random), echo)

    def _add(self, at: float, echo: bool) -> Step:
        (kind,) = self._random.choices(self._kinds, self._weights)
        entity, self._count = self._count, self._count + 1
        self._alive.append((entity, kind))
        return Step(at, "add", kind, entity, fields_of(kind, "add", self._random), echo)

    def _chosen(self) -> tuple[int, str]:
        """An entity to change: mostly one of the few that everybody works on, the newest."""
        if self._random.random() < self._mix.hot:
            return self._random.choice(self._alive[-self._mix.few :])
        return self._random.choice(self._alive)
