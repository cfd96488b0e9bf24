"""What many workers did to one queue, and whether each of its rows went to exactly one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Step:
    """One call that was answered. Times are the client's, in seconds.

    A take names the rows that it gave and, where it reserved them, their process id; `confirmed`
    says that they left the queue with it. A confirmation names a process id alone.
    """

    client: str
    start: float
    end: float
    operation: Literal["take", "confirm"]
    process_id: str | None
    rows: tuple[int, ...] = ()
    confirmed: bool = False


@dataclass(slots=True)
class Findings:
    """What is wrong, row by row in a sentence; nothing of it where all went well."""

    lost: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.lost or self.repeated or self.invented)


def check(history: Iterable[Step], stored: Iterable[int], left: Iterable[int] = ()) -> Findings:
    """Compare what was in the queue, what workers did, and what is left in the end.

    Lost: a row that nobody took and that is gone, or gone without its confirmation. Repeated: a row
    given twice, or still there after its confirmation; a process id given to two takes. Invented: a
    row that never was in the queue, or the confirmation of a batch that nobody had taken before.
    """
    steps = sorted(history, key=lambda step: (step.end, step.start))
    known, remaining = set(stored), set(left)
    takes = [step for step in steps if step.operation == "take"]
    findings = Findings()
    _check_rows(findings, takes, known, remaining)
    confirmed = _check_confirmations(findings, steps, takes)
    taken = {row for take in takes for row in take.rows}
    for row in sorted(taken & known):
        if row in confirmed and row in remaining:
            findings.repeated.append(f"row {row} is there after its confirmation")
        if row not in confirmed and row not in remaining:
            findings.lost.append(f"row {row} is gone without its confirmation")
    return findings


def _check_rows(
    findings: Findings, takes: list[Step], known: set[int], remaining: set[int]
) -> None:
    givers: dict[int, list[Step]] = defaultdict(list)
    for take in takes:
        for row in take.rows:
            givers[row].append(take)
    for row, steps in sorted(givers.items()):
        if row not in known:
            findings.invented.append(f"row {row} was never there: {_shown(steps)}")
        if len(steps) > 1:
            findings.repeated.append(f"row {row} was given {len(steps)} times: {_shown(steps)}")
    for row in sorted(known - givers.keys() - remaining):
        findings.lost.append(f"row {row} is gone, and nobody took it")
    for row in sorted(remaining - known):
        findings.invented.append(f"row {row} is left, but was never there")


def _check_confirmations(findings: Findings, steps: list[Step], takes: list[Step]) -> set[int]:
    """The rows that were confirmed; finds confirmations without a take, and process ids twice."""
    batches: dict[str, Step] = {}
    for take in takes:
        if take.process_id is None:
            continue
        if take.process_id in batches:
            both = _shown([batches[take.process_id], take])
            findings.repeated.append(f"process id {take.process_id} was given twice: {both}")
        batches[take.process_id] = take
    confirmed = {row for take in takes if take.confirmed for row in take.rows}
    for step in steps:
        if step.operation != "confirm":
            continue
        batch = batches.get(step.process_id or "")
        if batch is None or batch.end > step.start:
            findings.invented.append(f"nobody had taken what was confirmed: {_shown([step])}")
        else:
            confirmed |= set(batch.rows)
    return confirmed


def _shown(steps: list[Step]) -> str:
    return ", ".join(f"{step.client} at {step.start:.3f}-{step.end:.3f}" for step in steps)
