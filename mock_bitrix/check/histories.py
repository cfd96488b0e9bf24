"""The hard histories, as a table. Each is a few lines of what happens to a worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mock_bitrix.check.stage import Stage
from mock_bitrix.testing.ledger import CLEAR, TAKE

WHILE = 1.0
"""Seconds that a call is held, for something to happen meanwhile."""

Play = Callable[[Stage], None]


@dataclass(frozen=True, slots=True)
class History:
    """A history: its name, what happens in it, and the play itself."""

    name: str
    about: str
    play: Play


def _quiet(stage: Stage) -> None:
    stage.happen(5)
    stage.start()


def _burst(stage: Stage) -> None:
    stage.happen(stage.dice.randint(110, 130))
    stage.start()
    stage.until_taken()
    stage.happen(20)


def _lost_answer(stage: Stage) -> None:
    stage.portal.faults.lose_answer(TAKE, times=stage.dice.randint(1, 2))
    stage.happen(4)
    stage.start()


def _cut_answer(stage: Stage) -> None:
    stage.portal.faults.malformed_body(TAKE, times=1)
    stage.happen(4)
    stage.start()


def _lost_confirmation(stage: Stage) -> None:
    stage.portal.faults.lose_answer(CLEAR, times=1)
    stage.happen(4)
    stage.start()


def _limits(stage: Stage) -> None:
    faults, times = stage.portal.faults, stage.dice.randint(2, 4)
    faults.fail("QUERY_LIMIT_EXCEEDED", "event.offline.*", times)
    faults.fail("OPERATION_TIME_LIMIT", CLEAR, times=1)
    stage.happen(4)
    stage.start()


def _outage(stage: Stage) -> None:
    faults = stage.portal.faults
    faults.html_error_page(times=stage.dice.randint(1, 3))
    faults.drop_connection(times=stage.dice.randint(1, 2))
    stage.happen(4)
    stage.start()


def _expired_token(stage: Stage) -> None:
    stage.happen(3)
    stage.start()
    stage.until_drained()
    stage.portal.expire_token()
    stage.happen(3)


def _crash_in_take(stage: Stage) -> None:
    stage.portal.control.add_fault("slow", TAKE, times=1, delay=WHILE, when="after")
    stage.happen(4)
    stage.start()
    stage.until_held()
    stage.crash()
    stage.until_told()


def _crash_before_confirming(stage: Stage) -> None:
    # A call that is only held would have its effect though nobody waits for it any more.
    stage.portal.control.add_fault("drop_connection", CLEAR, times=1, delay=WHILE)
    stage.happen(4)
    stage.start()
    stage.until_taken()
    stage.crash()


def _two_workers(stage: Stage) -> None:
    stage.happen(stage.dice.randint(110, 130))
    stage.start(2)
    stage.until_taken()
    stage.happen(20)


def _two_workers_lost_answer(stage: Stage) -> None:
    stage.portal.faults.lose_answer(TAKE, times=2)
    stage.happen(stage.dice.randint(110, 130))
    stage.start(2)


def _error_rows(stage: Stage) -> None:
    failed = stage.fail_earlier(3)
    stage.again(failed[:2])
    stage.happen(2)
    stage.start()


def _same_change_again(stage: Stage) -> None:
    changes = stage.happen(3)
    for _ in range(stage.dice.randint(1, 3)):
        stage.again(changes)
    stage.start()


def _same_change_while_reserved(stage: Stage) -> None:
    stage.portal.faults.slow(CLEAR, WHILE, times=1)
    changes = stage.happen(3)
    stage.start()
    stage.until_taken()
    stage.again(changes)


HISTORIES = (
    History("quiet", "nothing goes wrong", _quiet),
    History("burst", "more than two full batches at once, and more while they are taken", _burst),
    History("lost-answer", "a take has its effect, its answer never arrives", _lost_answer),
    History("cut-answer", "a take has its effect, half of its answer arrives", _cut_answer),
    History(
        "lost-confirmation",
        "event.offline.clear works, its answer never arrives",
        _lost_confirmation,
    ),
    History("limits", "the portal refuses: too many requests, too much operating time", _limits),
    History("outage", "a proxy's error page, and connections that break", _outage),
    History("expired-token", "the token expires between two batches", _expired_token),
    History(
        "crash-in-take", "the worker is killed while it waits for a take's answer", _crash_in_take
    ),
    History(
        "crash-before-confirming",
        "the worker is killed between a take and its confirmation",
        _crash_before_confirming,
    ),
    History("two-workers", "two workers empty one queue", _two_workers),
    History(
        "two-workers-lost-answer",
        "two workers, and answers to takes that never arrive",
        _two_workers_lost_answer,
    ),
    History("error-rows", "rows that were marked as errors take in new changes", _error_rows),
    History(
        "same-change-again", "the same change happens again before it is taken", _same_change_again
    ),
    History(
        "same-change-while-reserved",
        "the same change happens again before it is confirmed",
        _same_change_while_reserved,
    ),
)
"""All of them, in the order in which they are played."""
