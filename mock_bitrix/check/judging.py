"""What went wrong in a history: a pure function of the calls, the changes and the queue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from mock_bitrix.check.evidence import Evidence, Happened, Moment
from mock_bitrix.entities.events import causes
from mock_bitrix.testing.ledger import Ledger, Step, Story
from mock_bitrix.testing.seen import Call

Kind = Literal["lost", "twice", "stuck", "left", "echoed"]

KINDS: dict[Kind, str] = {
    "lost": "gone, though no answer with it arrived and nobody confirmed it",
    "twice": "arrived in two answers, with no mark as an error and no lost answer between",
    "stuck": "still reserved at the end",
    "left": "still in the queue at the end, and its last change never arrived",
    "echoed": "caused by the worker itself, and queued for it",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A row with which something went wrong. `steps`: what happened to it, oldest first.

    `pair`: the two answers of `twice`. `cause`: the write of `echoed`, as far as it can be told.
    """

    kind: Kind
    story: Story
    data: Any = None
    pair: tuple[Call, Call] | None = None
    cause: Call | None = None

    @property
    def steps(self) -> list[Step]:
        """What happened to the row."""
        return self.story.steps


def judge(evidence: Evidence) -> list[Finding]:
    """Every row with which something went wrong, by its id.

    An answer counts as arrived when it was sent in full. What a worker was given before it was
    killed may come again; so may what it was given before the answer to a call of the queue was
    lost.
    """
    known = {each.id: each for each in evidence.happened}
    stories = [
        Story(each.id, each.event, each.message_id, evidence.connector) for each in known.values()
    ]
    ledger = Ledger(evidence.calls, evidence.queue, stories)
    found: list[Finding] = []
    for story in ledger:
        happened = known.get(story.id)
        if happened is None:
            found.append(_echo(evidence, story))
        else:
            found += _findings(evidence, ledger, story, happened)
    return found


def _findings(
    evidence: Evidence, ledger: Ledger, story: Story, happened: Happened
) -> Iterator[Finding]:
    last_change = happened.moments[-1]
    kind = _gone(ledger, story, last_change) if story.gone else _still_there(story, last_change)
    if kind:
        yield Finding(kind, story, happened.data)
    repeats = story.repeats(evidence.crashes)
    if repeats:
        yield Finding("twice", story, happened.data, pair=repeats[0])


def _gone(ledger: Ledger, story: Story, last_change: Moment) -> Kind | None:
    if _since(story, last_change, "taken", "confirmed") or _absorbed(ledger, story):
        return None
    return "lost"


def _still_there(story: Story, last_change: Moment) -> Kind | None:
    assert story.row is not None
    if story.row.process_id:
        return "stuck"
    if story.row.error and _since(story, last_change, "taken"):
        return None  # the worker has had it, and has given it up
    return "left"


def _since(story: Story, moment: Moment, *what: Any) -> bool:
    return any(call.id > moment for call in story.calls(*what))


def _absorbed(ledger: Ledger, story: Story) -> bool:
    """Whether it went into its twin, marked by the same call (protocol E.3), and that arrived."""
    return any(
        twin.message_id == story.message_id
        and any(mark.id == drop.id for mark in twin.calls("failed"))
        and _since(twin, drop.id, "taken", "confirmed")
        for drop in story.calls("dropped")
        for twin in ledger
    )


def _echo(evidence: Evidence, story: Story) -> Finding:
    """A row that no change of the history made: the worker did, by one of its writes."""
    first = story.steps[0].call.id if story.steps else None
    writes = [
        call
        for call in evidence.calls
        if _may_cause(call, story.event)
        and (call.caller or {}).get("auth_connector") != evidence.connector
        and (first is None or call.id < first)
    ]
    webhooks = [
        call
        for call in evidence.calls
        if _may_cause(call, story.event) and (call.caller or {}).get("webhook")
    ]
    made = writes or webhooks
    data = story.row.data if story.row else None
    return Finding("echoed", story, data, cause=made[-1] if made else None)


def _may_cause(call: Call, event: str) -> bool:
    """Whether the method is one that causes the event, by the documentation's table."""
    return any(cause.event == event for cause in causes(call.method))
