"""Randomness, all of it: identifiers and secrets, repeatable where a portal has a seed."""

from __future__ import annotations

import random
from base64 import b32encode
from collections.abc import Callable

ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
HEXADECIMAL = "0123456789abcdef"

_system = random.SystemRandom()
_quick = random.Random(_system.getrandbits(128))


def sequence(seed: str) -> random.Random:
    """Random numbers, one after the other, that are the same for the same seed."""
    return random.Random(seed)


class Randomness:
    """A source of identifiers.

    Without a seed every value is new. With one, value number n depends on the seed and n alone, so
    that processes which share a count agree and a run repeats. `count` gives the next n.
    """

    def __init__(self, seed: str | None = None, count: Callable[[], int] | None = None) -> None:
        self._seed = seed
        self._count = count

    def process_id(self) -> str:
        """32 lower-case letters and digits: a reservation's name. No secret."""
        return b32encode(self._source(_quick).randbytes(20)).decode().lower()

    def hexadecimal(self, length: int) -> str:
        """A secret of `length` hexadecimal digits."""
        return "".join(self._source(_system).choices(HEXADECIMAL, k=length))

    def secret(self, length: int) -> str:
        """A secret of `length` lower-case letters and digits."""
        return "".join(self._source(_system).choices(ALPHABET, k=length))

    def uniform(self) -> float:
        """A number from 0 up to, but not including, 1."""
        return self._source(_quick).random()

    def _source(self, unseeded: random.Random) -> random.Random:
        if self._seed is None or self._count is None:
            return unseeded
        return random.Random(f"{self._seed}:{self._count()}")
