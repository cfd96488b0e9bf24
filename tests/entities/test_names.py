"""The two spellings of a field's name."""

from __future__ import annotations

import pytest

from mock_bitrix.entities.names import camel, upper

PAIRS = [
    ("STAGE_ID", "stageId"),
    ("ASSIGNED_BY_ID", "assignedById"),
    ("PARENT_ID_1220", "parentId1220"),
    ("ADDRESS_2", "address2"),
    ("UF_CRM_1721244707107", "ufCrm_1721244707107"),
    ("UF_CRM_44_1721812760630", "ufCrm44_1721812760630"),
    ("UF_CRM_MY_STRING", "ufCrmMyString"),
    ("UF_CRM_64A29A1CD5CC2", "ufCrm_64A29A1CD5CC2"),
    ("ID", "id"),
]


@pytest.mark.parametrize(("stored", "shown"), PAIRS)
def test_a_name_has_two_spellings(stored: str, shown: str) -> None:
    assert camel(stored) == shown
    assert upper(shown) == stored


def test_a_name_in_upper_case_stays_as_it_is() -> None:
    assert upper("UF_CRM_2_1639669411830") == "UF_CRM_2_1639669411830"
