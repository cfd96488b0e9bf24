from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_bitrix.php.json import plain
from mock_bitrix.php.values import as_array
from mock_bitrix.portal.document import RowPart
from mock_bitrix.portal.row_values import row_values
from mock_bitrix.queue.message_id import message_id

NOW = 1_700_000_000.75


def values(**row: Any) -> dict[str, Any]:
    return row_values(RowPart.model_validate({"event": "ONCRMLEADADD", **row}), 3, 7, NOW)


def test_a_row_that_says_nothing_has_the_defaults() -> None:
    assert values() == {
        "portal_id": 3,
        "application_id": 7,
        "connector": "",
        "id": None,
        "event": "ONCRMLEADADD",
        "data": "false",
        "additional": "false",
        "message_id": "69dfffc821f6bd28759bddc693d52d50",
        "timestamp": 1_700_000_000,
        "written": NOW,
        "process_id": "",
        "reserved_at": None,
        "error": 0,
    }


def test_retention_counts_from_now_whatever_the_timestamp() -> None:
    row = values(timestamp="2024-07-18T12:32:31+02:00", process_id="p")

    assert row["timestamp"] == 1_721_298_751
    assert row["written"] == row["reserved_at"] == NOW


def test_hidden_state_is_honoured() -> None:
    row = values(process_id="p", state={"written": 5.5, "reserved_at": 6.5})

    assert (row["written"], row["reserved_at"]) == (5.5, 6.5)


def test_a_given_message_id_stays() -> None:
    assert values(message_id=1, data={"FIELDS": {"ID": 5}})["message_id"] == "1"


numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**70), 2**70)
texts = st.text() | st.sampled_from(["/", "<a href='x'>", '"', "\\", "ä", "1.5", "1e5", "{}", "0"])
data = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts | st.sampled_from("012"), inner),
    max_leaves=8,
)


@given(data)
def test_data_is_stored_and_hashed_as_the_portal_would(value: Any) -> None:
    row = values(data=value, additional=value)
    shown = as_array(value)

    assert row["data"] == row["additional"] == plain(shown)
    assert row["message_id"] == message_id("ONCRMLEADADD", shown)


@pytest.mark.parametrize(
    ("given", "stored"),
    [({}, "[]"), ({"0": 1, "1": 2}, "[1,2]"), (10.0, "10"), (2**70, "1.1805916207174113e+21")],
)
def test_arrays_and_numbers_are_phps(given: Any, stored: str) -> None:
    assert values(data=given)["data"] == stored
