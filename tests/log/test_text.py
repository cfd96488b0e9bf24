"""Lines for people: aligned, coloured only where colours are wanted, harmless to a terminal."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mock_bitrix.log.text import Lines, wants_colour

CALL: dict[str, Any] = {
    "kind": "call",
    "time": "2026-11-25T22:46:05.889Z",
    "application": "local.demo",
    "webhook": None,
    "method": "event.offline.get",
    "status": 200,
    "error": None,
    "taken": 12,
    "left": 3,
    "duration": 0.0012,
    "sent": True,
    "fault": None,
    "batch": None,
    "hints": [],
}
MESSAGE = {**CALL, "kind": "message", "level": "error", "source": "x", "message": "a\x1b[2J\nb"}


def line(**changed: Any) -> str:
    return Lines(coloured=False)({**CALL, **changed})


def test_a_call_is_one_line_of_columns() -> None:
    shown = r"\d\d:\d\d:05\.889 local\.demo       event\.offline\.get        200 "
    assert re.fullmatch(shown + r"    12 taken      3 left       1\.2 ms", line())


def test_columns_stand_below_each_other() -> None:
    of_webhook = line(application=None, webhook=7, method="crm.lead.add", taken=None, left=None)

    assert line().index(" 200 ") == of_webhook.index(" 200 ") == line(status=None).index(" --- ")
    assert line().index("1.2 ms") == of_webhook.index("1.2 ms")
    assert "webhook 7 " in of_webhook
    assert len(line(duration=None)) == len(line())


def test_what_is_remarkable_stands_at_the_end() -> None:
    remarkable = {"error": "ACCESS_DENIED", "fault": "slow", "sent": False, "hints": ["a", "b"]}

    end = "  ACCESS_DENIED  fault slow  the answer was lost  hint: a  hint: b"
    assert line(**remarkable).endswith(end)


def test_a_command_of_a_batch_is_marked() -> None:
    assert " - event.offline.get " in line(batch=5)


def test_colours_change_nothing_but_colours() -> None:
    coloured = Lines(coloured=True)({**CALL, "hints": ["a"]})

    assert "\033[36m  hint: a\033[0m" in coloured
    assert re.sub(r"\033\[\d+m", "", coloured) == line(hints=["a"])


@pytest.mark.parametrize(
    "fields", [MESSAGE, {**CALL, "hints": ["a\x1b[2J\nb"]}, {**CALL, "method": "a\x1b[2J\nb"}]
)
def test_nobody_steers_the_terminal_from_outside(fields: dict[str, Any]) -> None:
    shown = Lines(coloured=False)(fields)

    assert r"a\x1b[2J\nb" in shown
    assert shown.isprintable()


@pytest.mark.parametrize(
    ("environment", "terminal", "wanted"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"TERM": "dumb"}, True, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "0"}, True, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
    ],
)
def test_colours_are_for_terminals_unless_somebody_says_otherwise(
    environment: dict[str, str], *, terminal: bool, wanted: bool
) -> None:
    assert wants_colour({"WT_SESSION": "1", **environment}, terminal=terminal) is wanted
