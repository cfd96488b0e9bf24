"""References of a batch to earlier answers (protocol F.9.2)."""

from __future__ import annotations

from typing import Any

import pytest

from mock_bitrix.php.json import fragment
from mock_bitrix.rest.references import resolved

ANSWERS: dict[str, dict[str, object]] = {
    "result": {
        "a": {"ID": "7", "N": 5, "F": 1.5, "OK": True, "NO": None, "L": [1, {"x": "deep"}]},
        "list": [{"ID": "1"}, {"ID": "2"}],
        "0": "first",
        "dotted.key": "d",
        "stored": [{"DATA": fragment('{"FIELDS":{"ID":9}}')}],
    },
    "error": {"b": {"error": "CODE", "error_description": "text"}},
    "total": {"list": 2},
    "next": {"list": 50},
    "time": {"a": {"start": 17}},
}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("$result[a][ID]", "7"),
        ("$result[a][N]", 5),
        ("$result[a][F]", 1.5),
        ("$result[a][OK]", True),
        ("$result[a][NO]", None),
        ("$result[a][L]", [1, {"x": "deep"}]),
        ("$result[a][L][1][x]", "deep"),
        ("$result[list][1][ID]", "2"),
        ("$result[0]", "first"),
        ("$result[dotted.key]", "d"),
        ("$result[stored][0][DATA][FIELDS][ID]", 9),
        ("$error[b][error]", "CODE"),
        ("$total[list]", 2),
        ("$next[list]", 50),
        ("$time[a][start]", 17),
    ],
)
def test_a_value_that_is_nothing_but_a_reference_keeps_its_type(value: str, found: object) -> None:
    assert resolved(value, ANSWERS) == found


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=$result[a][ID]", "=7"),
        ("$result[a][ID] $result[a][N]", "7 5"),
        ("from $result[a][F] on", "from 1.5 on"),
        ("x $result[a][L]", "x $result[a][L]"),
        ("x $result[a][OK]", "x $result[a][OK]"),
        ("x $result[missing]", "x $result[missing]"),
    ],
)
def test_inside_of_a_text_only_texts_and_numbers_are_put_in(value: str, text: str) -> None:
    assert resolved(value, ANSWERS) == text


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("$result[a][ID],x", "7"),
        ("$result[a][ID]$result[a][N]", "7"),
        ("$result[a][ID],x\tand on", "7\tand on"),
    ],
)
def test_a_reference_extends_to_the_next_white_space(value: str, found: object) -> None:
    assert resolved(value, ANSWERS) == found


@pytest.mark.parametrize("value", ["$result[missing]", "$result[missing][ID]", "$total[a]"])
def test_a_reference_to_nothing_is_null(value: str) -> None:
    assert resolved(value, ANSWERS) is None


@pytest.mark.parametrize(
    ("value", "found"),
    [("$result[a][ID][x]", "7"), ("$result[list][9]", [{"ID": "1"}, {"ID": "2"}])],
)
def test_a_path_that_goes_too_far_ends_at_the_last_level_found(value: str, found: object) -> None:
    assert resolved(value, ANSWERS) == found


@pytest.mark.parametrize("value", ["", "$", "$result", "$results[a]", "$result[a", "result[a]", 5])
def test_what_is_no_reference_stays_as_it_is(value: Any) -> None:
    assert resolved(value, ANSWERS) == value


def test_references_are_resolved_in_values_however_deep_but_not_in_keys() -> None:
    given: Any = {"$result[a][ID]": [{"x": "$result[a][N]"}, "$result[0]"]}

    assert resolved(given, ANSWERS) == {"$result[a][ID]": [{"x": 5}, "first"]}


def test_many_broken_references_take_no_time_worth_mentioning() -> None:
    text = "$result[" * 200_000

    assert resolved(text, ANSWERS) == text
