"""Time, all of it: nothing else in the package asks the system what time it is."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

system_now = time.time
"""The machine's time, in seconds since 1970."""

stopwatch = time.perf_counter
"""A reading for measuring durations, in seconds; never jumps."""


def pause(seconds: float) -> None:
    """Let real time pass, in this thread alone."""
    time.sleep(seconds)


def processor_times() -> tuple[float, float]:
    """Seconds that the processor has spent on this process: on itself, and in the system for it."""
    times = os.times()
    return times[0], times[1]


@dataclass(frozen=True, slots=True)
class Clock:
    """One portal's time: the machine's moved by `offset` seconds, or still at `frozen_at`."""

    offset: float = 0.0
    frozen_at: float | None = None

    def now(self) -> float:
        """The portal's time, in seconds since 1970."""
        if self.frozen_at is not None:
            return self.frozen_at
        return system_now() + self.offset

    def advanced(self, seconds: float) -> Clock:
        """The same clock, `seconds` later."""
        if self.frozen_at is not None:
            return Clock(self.offset + seconds, self.frozen_at + seconds)
        return Clock(self.offset + seconds)

    def frozen(self, at: float) -> Clock:
        """A clock that stands still at `at`."""
        return Clock(at - system_now(), at)

    def resumed(self) -> Clock:
        """A clock that runs on from where this one stands."""
        return Clock(self.now() - system_now())
