"""Telephone numbers and the like: values with ids of their own."""

from __future__ import annotations

from itertools import count

from mock_bitrix.entities.contacts import first, merged

FIRST = [{"ID": 1, "VALUE_TYPE": "WORK", "VALUE": "555", "TYPE_ID": "PHONE"}]


def test_values_without_an_id_are_added() -> None:
    numbers = count(2)

    merge = merged("PHONE", FIRST, [{"VALUE": "666", "VALUE_TYPE": "HOME"}], lambda: next(numbers))

    assert [(item["ID"], item["VALUE"], item["VALUE_TYPE"]) for item in merge] == [
        (1, "555", "WORK"),
        (2, "666", "HOME"),
    ]


def test_values_with_an_id_are_changed_or_deleted() -> None:
    changed = merged("PHONE", FIRST, [{"ID": "1", "VALUE": "777"}], lambda: 9)

    assert changed == [{"ID": 1, "VALUE_TYPE": "WORK", "VALUE": "777", "TYPE_ID": "PHONE"}]
    assert merged("PHONE", FIRST, [{"ID": 1, "DELETE": "Y"}], lambda: 9) == []
    assert merged("PHONE", FIRST, [{"ID": 1, "VALUE": ""}], lambda: 9) == []


def test_a_plain_text_is_a_value_for_work() -> None:
    (only,) = merged("EMAIL", None, "anna@example.com", lambda: 3)

    assert only["VALUE_TYPE"] == "WORK"
    assert first({"EMAIL": [only]}, "EMAIL") == "anna@example.com"
    assert first({"EMAIL": [only]}, "EMAIL", "HOME") == ""
