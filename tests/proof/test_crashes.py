"""The judge of what happened: it finds what is planted, and nothing where all went well."""

from __future__ import annotations

import pytest

from tests.proof.crashes import Event, Left, findings


def put(*leads: int, answered: bool = True) -> Event:
    return Event("put", answered, leads)


def take(*leads: int, process: str | None = None, error: bool = False) -> Event:
    return Event("take", True, leads, process, keep=process is not None, error=error, limit=3)


def lost_take(*, keep: bool, error: bool = False) -> Event:
    return Event("take", False, keep=keep, error=error, limit=3)


def confirm(process: str, *, answered: bool = True) -> Event:
    return Event("confirm", answered, process_id=process)


def fail(process: str, *leads: int, answered: bool = True) -> Event:
    return Event("fail", answered, leads, process)


def free(*leads: int) -> list[Left]:
    return [Left(lead, "", error=False) for lead in leads]


def held(process: str, *leads: int, error: bool = False) -> list[Left]:
    return [Left(lead, process, error=error) for lead in leads]


STORY = [put(1, 2, 3, 4, 5, 6, 7)]


@pytest.mark.parametrize(
    ("happened", "left"),
    [
        pytest.param([], free(1, 2, 3, 4, 5, 6, 7), id="nothing"),
        pytest.param(
            [take(1, 2), take(3, process="P")], [*held("P", 3), *free(4, 5, 6, 7)], id="takes"
        ),
        pytest.param([take(1, 2, process="P"), confirm("P")], free(3, 4, 5, 6, 7), id="confirmed"),
        pytest.param([lost_take(keep=False)], free(4, 5, 6, 7), id="a take that happened unseen"),
        pytest.param([lost_take(keep=False)], free(1, 2, 3, 4, 5, 6, 7), id="a take that didn't"),
        pytest.param(
            [lost_take(keep=True)], [*held("X", 1, 2, 3), *free(4, 5, 6, 7)], id="reserved unseen"
        ),
        pytest.param(
            [take(1, 2, process="P"), confirm("P", answered=False)],
            [*held("P", 1, 2), *free(3, 4, 5, 6, 7)],
            id="a confirmation that didn't happen",
        ),
        pytest.param(
            [take(1, 2, process="P"), confirm("P", answered=False)],
            free(3, 4, 5, 6, 7),
            id="a confirmation that happened unseen",
        ),
        pytest.param(
            [take(1, 2, process="P"), fail("P", 1), take(1, error=True)],
            [*held("P", 2), *free(3, 4, 5, 6, 7)],
            id="taken again as an error",
        ),
        pytest.param(
            [put(8, answered=False), take(1, process="P"), fail("P", 1, answered=False)],
            [*held("", 1, error=True), *free(2, 3, 4, 5, 6, 7)],
            id="a mark and a put without answers",
        ),
    ],
)
def test_a_kept_promise_has_no_findings(happened: list[Event], left: list[Left]) -> None:
    assert findings([*STORY, *happened], left) == []


@pytest.mark.parametrize(
    ("happened", "left", "finding"),
    [
        pytest.param([], free(1, 2, 3, 4, 5, 6), "[7] are gone", id="lost"),
        pytest.param(
            [lost_take(keep=False)], free(5, 6, 7), "[1, 2, 3, 4] are gone", id="more than a take"
        ),
        pytest.param([lost_take(keep=True)], free(2, 3, 4, 5, 6, 7), "[1] are gone", id="reserved"),
        pytest.param(
            [lost_take(keep=True)],
            [*held("X", 1, 2, 3, 4), *free(5, 6, 7)],
            "reservations that nobody can have made: {'X': 4}",
            id="more than a take reserves",
        ),
        pytest.param(
            [lost_take(keep=False)],
            [*held("X", 1), *free(2, 3, 4, 5, 6, 7)],
            "reservations that nobody can have made: {'X': 1}",
            id="a reservation by nobody",
        ),
        pytest.param([take(1), take(1)], free(2, 3, 4, 5, 6, 7), "1 was given 2 times", id="twice"),
        pytest.param([take(1)], free(1, 2, 3, 4, 5, 6, 7), "1 is free again", id="came back"),
        pytest.param(
            [take(1)], [*held("X", 1), *free(2, 3, 4, 5, 6, 7)], "1 is there after", id="stayed"
        ),
        pytest.param(
            [take(1, process="P")],
            free(2, 3, 4, 5, 6, 7),
            "1 was reserved, and is gone",
            id="unconfirmed",
        ),
        pytest.param(
            [take(1, process="P"), take(2, process="P")],
            [*held("P", 1, 2), *free(3, 4, 5, 6, 7)],
            "process id P was given twice",
            id="a process id twice",
        ),
        pytest.param(
            [take(1, process="P"), confirm("P")],
            [*held("P", 1), *free(2, 3, 4, 5, 6, 7)],
            "[1] are there after their confirmation",
            id="not confirmed",
        ),
        pytest.param(
            [take(1, 2, process="P"), confirm("P", answered=False)],
            [*held("P", 1), *free(3, 4, 5, 6, 7)],
            "half of a batch was confirmed: [1] of [1, 2] are there",
            id="half confirmed",
        ),
        pytest.param([take(9)], free(1, 2, 3, 4, 5, 6, 7), "9 was given, but", id="from nowhere"),
        pytest.param([], free(1, 2, 3, 4, 5, 6, 7, 9), "9 is left, but", id="left from nowhere"),
        pytest.param([], [*free(1, 1, 2, 3, 4, 5, 6, 7)], "1 is left 2 times", id="left twice"),
        pytest.param(
            [],
            [*held("", 1, error=True), *free(2, 3, 4, 5, 6, 7)],
            "1 is left as an error",
            id="an error by itself",
        ),
        pytest.param(
            [take(1, error=True)], free(2, 3, 4, 5, 6, 7), "1 was given as an error", id="no error"
        ),
        pytest.param(
            [take(1, process="P"), fail("P", 1), take(1, error=True), take(1, error=True)],
            free(2, 3, 4, 5, 6, 7),
            "1 was given as an error more often",
            id="an error twice",
        ),
    ],
)  # fmt: skip
def test_a_broken_promise_is_found(happened: list[Event], left: list[Left], finding: str) -> None:
    assert any(each.startswith(finding) for each in findings([*STORY, *happened], left))
