"""What a list is filtered by: the operators that CRM documents."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest

from mock_bitrix.entities.conditions import id_range, matcher, parse
from mock_bitrix.entities.fields import Field, fields_of
from mock_bitrix.entities.values import Frame
from mock_bitrix.php.values import LARGEST, SMALLEST

LEAD = fields_of("crm.lead")
FRAME = Frame(UTC, 1_700_000_000)
DATA: dict[str, Any] = {
    "ID": 5,
    "TITLE": "Website request",
    "STATUS_ID": "NEW",
    "OPPORTUNITY": 12500.0,
    "ASSIGNED_BY_ID": 6,
    "COMPANY_ID": None,
    "NAME": "",
    "DATE_CREATE": 1_700_000_000,  # 2023-11-14T22:13:20Z
    "BIRTHDATE": "2001-11-11",
    "CONTACT_IDS": [4, 5],
    "PHONE": [{"ID": 1, "VALUE": "+49 555"}, {"ID": 2, "VALUE": "666"}],
    "UF_CRM_1": "10",
}


def fits(given: Any) -> bool:
    return matcher(parse(given, _field), FRAME)(DATA)


def _field(name: str) -> Field | None:
    return LEAD[name] if LEAD.knows(name) else None


@pytest.mark.parametrize(
    ("condition", "value"),
    [
        ("TITLE", "website REQUEST"),  # without case, as MySQL compares
        ("=STATUS_ID", "NEW"),
        ("STATUS_ID", ["NEW", "IN_PROCESS"]),
        ("@STATUS_ID", ["NEW", "IN_PROCESS"]),
        ("!@STATUS_ID", ["JUNK"]),
        ("!STATUS_ID", "CONVERTED"),
        ("!=STATUS_ID", "CONVERTED"),
        (">OPPORTUNITY", 12000),
        (">=OPPORTUNITY", "12500.00"),
        ("<OPPORTUNITY", 20000),
        ("<=OPPORTUNITY", 12500),
        ("><OPPORTUNITY", [12000, 13000]),
        ("%TITLE", "SITE"),
        ("=%TITLE", "web%"),
        ("%=TITLE", "%request"),
        ("!%TITLE", "phone"),
        ("!=%TITLE", "request%"),
        ("!%=TITLE", "%web"),
        ("ASSIGNED_BY_ID", "6"),
        ("COMPANY_ID", ""),
        ("=COMPANY_ID", None),
        ("COMPANY_ID", 0),
        ("!TITLE", ""),
        (">DATE_CREATE", "2023-11-14"),
        ("<=DATE_CREATE", "2023-11-14T22:13:20+00:00"),
        ("BIRTHDATE", "11.11.2001"),
        ("CONTACT_IDS", 4),
        ("PHONE", "666"),
        ("%PHONE", "555"),
        (">UF_CRM_1", 9),  # a number, though it is a text
        ("UF_CRM_1", 10),
        ("NO_SUCH_FIELD", "x"),  # ignored
    ],
)
def test_a_condition_holds(condition: str, value: Any) -> None:
    assert fits({condition: value})


@pytest.mark.parametrize(
    ("condition", "value"),
    [
        ("TITLE", "Website"),
        ("@STATUS_ID", ["JUNK"]),
        ("!STATUS_ID", "new"),
        (">OPPORTUNITY", 12500),
        ("<DATE_CREATE", "2023-11-14"),
        (">DATE_CREATE", "no date at all"),
        ("!=NAME", ""),
        (">COMPANY_ID", 0),
        ("PHONE", "55"),
        ("=%TITLE", "request%"),
        ("!CONTACT_IDS", 4),
        ("><OPPORTUNITY", [1, 2]),
        ("STATUS_ID", []),
    ],
)
def test_a_condition_does_not_hold(condition: str, value: Any) -> None:
    assert not fits({condition: value})


def test_groups_nest_with_or_and_and() -> None:
    either = {"logic": "OR", "0": {"STATUS_ID": "JUNK"}, "1": {"STATUS_ID": "NEW"}}

    assert fits({"0": either, ">OPPORTUNITY": 1})
    assert not fits({"0": either, ">OPPORTUNITY": 99999})
    assert not fits({"0": {"LOGIC": "OR", "0": {"STATUS_ID": "JUNK", "ID": 5}}})


def test_what_is_no_filter_filters_nothing() -> None:
    assert fits("nonsense")
    assert fits([])


def test_conditions_on_the_id_are_left_to_the_database() -> None:
    low, high, left = id_range(parse({">ID": 5, "<=ID": "9", "TITLE": "x"}, _field))

    assert (low, high) == (6, 9)
    assert [part.field.name for part in left.parts] == ["TITLE"]  # type: ignore[union-attr]  # tests, no groups


def test_conditions_of_which_one_must_hold_narrow_nothing() -> None:
    low, high, left = id_range(parse({"logic": "OR", ">ID": 5, "TITLE": "x"}, _field))

    assert (low, high) == (SMALLEST, LARGEST)
    assert len(left.parts) == 2
    assert left.any
