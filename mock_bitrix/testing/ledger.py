"""What became of each row of the queue: told by the journal's calls and the queue at the end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from mock_bitrix.php.values import array_items, to_int, to_text, trim
from mock_bitrix.testing.seen import Call, Row

TAKE, CLEAR, ERROR = "event.offline.get", "event.offline.clear", "event.offline.error"

What = Literal["taken", "lost", "confirmed", "failed", "dropped"]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a row, by a call.

    `taken`: the row arrived in an answer; `lost`: it was in one that didn't arrive. `confirmed`
    and `failed`: its batch was cleared, or the row marked as an error. `dropped`: it went unseen,
    with the rest of a batch, with all free rows, or as the twin of a row that was marked.
    """

    what: What
    call: Call


@dataclass(slots=True)
class Story:
    """One row: what happened to it, oldest first, and the row itself while it is in the queue."""

    id: int
    event: str
    message_id: str = ""
    connector: str = ""
    steps: list[Step] = field(default_factory=list)
    row: Row | None = None
    process_id: str = ""

    def calls(self, *what: What) -> list[Call]:
        """The calls by which that happened."""
        return [step.call for step in self.steps if step.what in what]

    @property
    def gone(self) -> bool:
        """Whether it has left the queue."""
        return self.row is None

    def repeats(self, breaks: Collection[int] = ()) -> list[tuple[Call, Call]]:
        """Pairs of answers that arrived with the row, one after the other, without a reason.

        Reasons are: a mark as an error, a lost answer, or a break: the time (as ids of calls
        count it) at which the receiver was killed.
        """
        found: list[tuple[Call, Call]] = []
        last: Call | None = None
        for step in self.steps:
            if step.what == "taken":
                if last and not any(last.id < each < step.call.id for each in breaks):
                    found.append((last, step.call))
                last = step.call
            elif step.what in ("failed", "lost") or not step.call.sent:
                last = None
        return found

    @property
    def lost(self) -> bool:
        """Whether it is gone although nobody got it and nobody confirmed it."""
        return self.gone and not self.calls("taken", "confirmed")


class Ledger:
    """The story of each row. `known`: rows that were queued, whether or not a call names them."""

    def __init__(
        self, calls: Iterable[Call], queue: Iterable[Row], known: Iterable[Story] = ()
    ) -> None:
        self.stories = {each.id: each for each in known}
        for call in sorted(calls, key=lambda each: each.id):
            self._follow(call)
        for row in queue:
            self._story(row.id, row.event, row.message_id, row.auth_connector).row = row

    def __iter__(self) -> Iterator[Story]:
        """All stories, by the row's id."""
        return iter(sorted(self.stories.values(), key=lambda each: each.id))

    def _follow(self, call: Call) -> None:
        if call.method == TAKE:
            self._take(call)
        elif call.method == CLEAR and not _refused(call):
            # The empty process id names the rows that nobody has taken (protocol E.2).
            named = trim(to_text(given(call, "process_id") or ""))
            self._mark("confirmed" if named else "dropped", call, self._cleared(call))
        elif call.method == ERROR and not _refused(call):
            self._fail(call)

    def _take(self, call: Call) -> None:
        shown = [
            self._story(row.id, row.event, row.message_id, call.connector) for row in call.rows
        ]
        self._mark("taken" if call.arrived else "lost", call, shown)
        for story in shown:
            story.process_id = call.process_id or ""
        if shown and _deletes(call):
            batch = self._batch(call, given(call, "process_id"))
            self._mark("dropped", call, [story for story in batch if story not in shown])

    def _cleared(self, call: Call) -> list[Story]:
        batch = self._batch(call, given(call, "process_id"))
        messages, ids = _listed(call, "message_id"), _listed(call, "id")
        if messages:
            return [story for story in batch if story.message_id in messages]
        return [story for story in batch if not ids or story.id in map(to_int, ids)]

    def _fail(self, call: Call) -> None:
        """Rows of the batch are marked, their twins outside of it go (protocol E.3)."""
        messages = _listed(call, "message_id")
        batch = [
            story
            for story in self._batch(call, given(call, "process_id"))
            if story.message_id in messages
        ]
        held = {story.id for story in batch}
        twins = [
            story
            for story in self.stories.values()
            if story.id not in held
            and (story.message_id in messages and story.connector == call.connector)
        ]
        self._mark("failed", call, batch)
        self._mark("dropped", call, twins)
        for story in batch:
            story.process_id = ""

    def _batch(self, call: Call, process_id: object) -> list[Story]:
        if process_id is None:
            return []
        name = trim(to_text(process_id))
        return [
            story
            for story in self.stories.values()
            if story.process_id == name and (name or not story.steps or story.calls("failed"))
        ]

    def _mark(self, what: What, call: Call, stories: Iterable[Story]) -> None:
        for story in stories:
            story.steps.append(Step(what, call))

    def _story(self, number: int, event: str, message_id: str, connector: str) -> Story:
        story = self.stories.setdefault(number, Story(number, event))
        story.message_id, story.connector = message_id, connector
        return story


def given(call: Call, name: str) -> object:
    """A parameter, its name in any case."""
    return next((value for key, value in call.params.items() if key.lower() == name), None)


def _listed(call: Call, name: str) -> list[str]:
    value = given(call, name)
    items = array_items(value) if isinstance(value, list | dict) else ()
    return [trim(to_text(item)) for _, item in items]


def _deletes(call: Call) -> bool:
    clear = given(call, "clear")
    return clear is None or to_int(clear) != 0  # protocol D.2


def _refused(call: Call) -> bool:
    """Whether it is certain that nothing came of it; where a fault struck, it isn't."""
    return call.status != 200 and call.sent and call.fault is None
