"""What clients did to queues whose servers died, and whether the queue kept its promise.

A change is known by its lead, which is put once. A call without an answer may have happened or not;
nothing in between, and nobody else may have felt it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple


@dataclass(frozen=True, slots=True)
class Event:
    """One call. `leads`: what was put, given or marked; `limit`: the most that it could take."""

    operation: Literal["put", "take", "confirm", "fail"]
    answered: bool
    leads: tuple[int, ...] = ()
    process_id: str | None = None
    keep: bool = True
    error: bool = False
    limit: int = 0


class Left(NamedTuple):
    """A row that is there in the end."""

    lead: int
    process_id: str
    error: bool


def findings(history: Iterable[Event], left: Iterable[Left]) -> list[str]:
    """What is wrong, in a sentence each; nothing where the promise was kept."""
    return list(_Inquiry(list(history), list(left)).findings())


class _Inquiry:
    def __init__(self, history: Sequence[Event], left: Sequence[Left]) -> None:
        self._of = {name: [e for e in history if e.operation == name] for name in OPERATIONS}
        self._left = {row.lead: row for row in left}
        self._rows = left
        self._put = {lead for event in self._of["put"] for lead in event.leads}
        self._takes = [take for take in self._of["take"] if take.answered]
        self._unanswered = [take for take in self._of["take"] if not take.answered]
        self._fails = Counter(lead for fail in self._of["fail"] for lead in fail.leads)
        self._given: dict[int, list[Event]] = defaultdict(list)
        for take in self._takes:
            for lead in take.leads:
                self._given[lead].append(take)

    def findings(self) -> Iterator[str]:
        yield from self._invented()
        yield from self._repeated()
        yield from self._lost()
        yield from self._foreign_reservations()
        yield from self._batches()

    def _invented(self) -> Iterator[str]:
        for lead in sorted(self._given.keys() - self._put):
            yield f"{lead} was given, but nobody put it"
        for lead in sorted(self._left.keys() - self._put):
            yield f"{lead} is left, but nobody put it"
        for lead, takes in sorted(self._given.items()):
            if any(take.error for take in takes) and not self._fails[lead]:
                yield f"{lead} was given as an error, but nobody marked it"
        for row in self._rows:
            if row.error and not self._fails[row.lead]:
                yield f"{row.lead} is left as an error, but nobody marked it"

    def _repeated(self) -> Iterator[str]:
        for lead, count in Counter(row.lead for row in self._rows).items():
            if count > 1:
                yield f"{lead} is left {count} times"
        for lead, takes in sorted(self._given.items()):
            good = sum(not take.error for take in takes)
            if good > 1:
                yield f"{lead} was given {good} times"
            if len(takes) - good > self._fails[lead]:
                yield f"{lead} was given as an error more often than it was marked"
            row = self._left.get(lead)
            if row and not row.error and not row.process_id:
                yield f"{lead} is free again after it was given"
        ids = Counter(take.process_id for take in self._takes if take.process_id)
        yield from (f"process id {each} was given twice" for each, n in ids.items() if n > 1)

    def _lost(self) -> Iterator[str]:
        """Only a deleting take whose answer was lost may swallow a row that nobody has seen."""
        told = {lead for event in self._of["put"] if event.answered for lead in event.leads}
        missing = sorted(told - self._given.keys() - self._left.keys())
        may_be_gone = sum(t.limit for t in self._unanswered if not t.keep and not t.error)
        if len(missing) > may_be_gone:
            yield f"{missing} are gone, and at most {may_be_gone} could have been taken unseen"

    def _foreign_reservations(self) -> Iterator[str]:
        """A reservation that nobody was told of belongs to a take whose answer was lost."""
        known = {take.process_id for take in self._takes}
        unknown = Counter(row.process_id for row in self._rows) - Counter({"": len(self._rows)})
        strange = {each: count for each, count in unknown.items() if each not in known}
        lost = sorted((take.limit for take in self._unanswered if take.keep), reverse=True)
        sizes = sorted(strange.values(), reverse=True)
        if len(sizes) > len(lost) or any(a > b for a, b in zip(sizes, lost, strict=False)):
            yield f"reservations that nobody can have made: {strange}"

    def _batches(self) -> Iterator[str]:
        """What became of each batch: reserved, confirmed as a whole, or marked row by row."""
        confirms = {e.process_id: e.answered for e in self._of["confirm"]}
        marked = {(e.process_id, lead) for e in self._of["fail"] for lead in e.leads}
        for take in self._takes:
            own = [lead for lead in take.leads if (take.process_id, lead) not in marked]
            if not take.keep:
                for lead in (lead for lead in take.leads if lead in self._left):
                    yield f"{lead} is there after it was taken away"
                continue
            there = [lead for lead in own if self._is_held(lead, take)]
            if take.process_id not in confirms:
                for lead in sorted(set(own) - set(there)):
                    yield f"{lead} was reserved, and is gone without its confirmation"
            elif confirms[take.process_id] and there:
                yield f"{there} are there after their confirmation"
            elif there and there != own:
                yield f"half of a batch was confirmed: {there} of {own} are there"

    def _is_held(self, lead: int, take: Event) -> bool:
        row = self._left.get(lead)
        return row is not None and row.process_id == take.process_id


OPERATIONS = ("put", "take", "confirm", "fail")
