"""Figures of one process since its start, and their Prometheus text."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from mock_bitrix.journal.entries import Entry

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds: the upper ends of the latency histogram's buckets."""

UNKNOWN = "unknown"
"""The method of calls that name none there is: names from outside would grow without bound."""


@dataclass(slots=True)
class Metrics:
    """What was counted. Plain data, so that the figures of several processes add up."""

    calls: Counter[tuple[str, int]] = field(default_factory=Counter)
    taken: int = 0
    takes: int = 0
    latencies: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0

    def count(self, entry: Entry) -> None:
        """Count a call; a batch's commands count as calls, their time as the batch's."""
        self.calls[entry.method if entry.known else UNKNOWN, entry.status or 0] += 1
        if entry.taken is not None:
            self.takes += 1
            self.taken += entry.taken
        if entry.outer is None:
            self.latencies[bisect_left(BOUNDS, entry.duration)] += 1
            self.seconds += entry.duration

    def add(self, other: Metrics) -> None:
        """Add the figures of another process."""
        self.calls += other.calls
        self.taken += other.taken
        self.takes += other.takes
        self.latencies = [a + b for a, b in zip(self.latencies, other.latencies, strict=True)]
        self.seconds += other.seconds

    def as_json(self) -> dict[str, Any]:
        """The figures for the database."""
        calls = [[*key, number] for key, number in list(self.calls.items())]
        return {
            "calls": calls,
            "taken": self.taken,
            "takes": self.takes,
            "latencies": self.latencies,
            "seconds": self.seconds,
        }

    @staticmethod
    def from_json(stored: dict[str, Any]) -> Metrics:
        """The figures that `as_json` gave."""
        calls = Counter({(method, status): n for method, status, n in stored["calls"]})
        rest = {name: value for name, value in stored.items() if name != "calls"}
        return Metrics(calls=calls, **rest)


Sample = tuple[dict[str, object], float]


def text(metrics: Metrics, rows: Iterable[tuple[str, str, int]]) -> str:
    """The figures in Prometheus' text form; `rows`: portal, state and number of queue rows."""
    calls: list[Sample] = [
        ({"method": method, "status": status}, number)
        for (method, status), number in sorted(metrics.calls.items())
    ]
    states: list[Sample] = [
        ({"portal": portal, "state": state}, number) for portal, state, number in rows
    ]
    families = [
        _family("calls_total", "counter", "REST calls; status 0: no answer", calls),
        _family("takes_total", "counter", "Takes from queues", [({}, metrics.takes)]),
        _family("taken_rows_total", "counter", "Rows that takes gave", [({}, metrics.taken)]),
        _family("queue_rows", "gauge", "Rows in queues", states),
        _histogram(metrics),
    ]
    return "".join(families)


def _family(name: str, kind: str, about: str, samples: Iterable[Sample]) -> str:
    lines = [f"# HELP mock_bitrix_{name} {about}.", f"# TYPE mock_bitrix_{name} {kind}"]
    lines += [f"mock_bitrix_{name}{_labels(labels)} {_number(value)}" for labels, value in samples]
    return "\n".join(lines) + "\n"


def _histogram(metrics: Metrics) -> str:
    name, total = "mock_bitrix_call_seconds", 0
    lines = [f"# HELP {name} Time that calls took.", f"# TYPE {name} histogram"]
    for bound, number in zip([*BOUNDS, "+Inf"], metrics.latencies, strict=True):
        total += number
        lines.append(f'{name}_bucket{{le="{bound}"}} {total}')
    return "\n".join([*lines, f"{name}_sum {metrics.seconds:.6f}", f"{name}_count {total}", ""])


def _labels(labels: dict[str, object]) -> str:
    shown = ",".join(f'{name}="{_escaped(str(value))}"' for name, value in labels.items())
    return f"{{{shown}}}" if shown else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
