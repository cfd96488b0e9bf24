"""Values as they are stored, and as each family shows them."""

from __future__ import annotations

from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mock_bitrix.entities.fields import fields_of
from mock_bitrix.entities.values import Frame, as_numbers, as_task, as_texts, day, stored

BERLIN = ZoneInfo("Europe/Berlin")
FRAME = Frame(BERLIN, 1_700_000_000)
LEAD = fields_of("crm.lead")


@pytest.mark.parametrize(
    ("name", "given", "kept", "texts", "numbers"),
    [
        ("ASSIGNED_BY_ID", "6", 6, "6", 6),
        ("ASSIGNED_BY_ID", "", None, None, None),
        ("OPPORTUNITY", "12500.5", 12500.5, "12500.50", 12500.5),
        ("OPPORTUNITY", 15000, 15000.0, "15000.00", 15000),
        ("OPPORTUNITY", "none", 0.0, "0.00", 0),
        ("OPENED", "y", "Y", "Y", "Y"),
        ("OPENED", False, "N", "N", "N"),
        ("TITLE", 5, "5", "5", "5"),
        ("TITLE", ["x"], None, None, None),
        ("CONTACT_IDS", ["4", 5], [4, 5], ["4", "5"], [4, 5]),
        ("CONTACT_IDS", "4", [4], ["4"], [4]),
        ("BIRTHDATE", "11.11.2001", "2001-11-11", "2001-11-11T01:00:00+01:00",
         "2001-11-11T01:00:00+01:00"),
        ("BIRTHDATE", "nonsense", None, "", None),
        ("DATE_CLOSED", "2024-07-18T10:00:00", 1721289600, "2024-07-18T10:00:00+02:00",
         "2024-07-18T10:00:00+02:00"),
        ("UF_CRM_1", ["a", "b"], ["a", "b"], ["a", "b"], ["a", "b"]),
    ],
)  # fmt: skip
def test_a_value_is_stored_once_and_shown_in_two_ways(
    name: str, given: Any, kept: Any, texts: Any, numbers: Any
) -> None:
    field = LEAD[name]

    assert stored(field, given, FRAME) == kept
    assert as_texts(field, kept, BERLIN) == texts
    assert as_numbers(field, kept, BERLIN) == numbers


def test_what_is_missing_is_shown_as_its_family_does() -> None:
    date, money, flag, text = (LEAD[n] for n in ("DATE_CLOSED", "OPPORTUNITY", "OPENED", "TITLE"))

    assert [as_texts(f, None, UTC) for f in (date, money, flag, text)] == ["", None, "N", None]
    assert [as_numbers(f, None, UTC) for f in (date, money, flag, text)] == [None, 0, "N", None]


def test_a_date_is_midnight_in_greenwich_seen_from_the_portal() -> None:
    assert day("2024-08-30", BERLIN) == "2024-08-30T02:00:00+02:00"
    assert day("2024-01-30", ZoneInfo("America/New_York")) == "2024-01-29T19:00:00-05:00"


def test_tasks_show_numbers_as_texts_and_missing_dates_as_null() -> None:
    task = fields_of("tasks.task")

    assert as_task(task["RESPONSIBLE_ID"], 547, UTC) == "547"
    assert as_task(task["DEADLINE"], None, UTC) is None
    assert as_task(task["AUDITORS"], [13, "103"], UTC) == ["13", "103"]
    assert as_task(task["ACCOMPLICES"], None, UTC) == []
    assert as_task(task["SORTING"], 1.5, UTC) == "1.5"
