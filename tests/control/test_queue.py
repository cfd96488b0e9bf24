"""All rows, in whatever state; rows put as they are."""

from __future__ import annotations

import pytest

from mock_bitrix.testing.control import Control, ControlError, PortalControl
from tests.support import Client, lead_added


def test_rows_are_shown_with_state_owner_and_age(made: PortalControl, caller: Client) -> None:
    made.put(*(lead_added(number) for number in (1, 2, 3)))
    taken = caller("event.offline.get", clear=0, limit=2).result
    failed = taken["events"][0]["MESSAGE_ID"]
    caller("event.offline.error", process_id=taken["process_id"], message_id=[failed])
    made.advance(60)

    rows = made.queue()

    assert [row["state"] for row in rows] == ["error", "reserved", "free"]
    assert [row["process_id"] for row in rows] == ["", taken["process_id"], ""]
    assert all(60 <= row["age"] < 120 for row in rows)
    assert [row["reserved_for"] is None for row in rows] == [True, False, True]
    assert 60 <= rows[1]["reserved_for"] < 120
    assert [row["id"] for row in made.queue(state="reserved")] == [2]
    assert [row["id"] for row in made.queue(state="error")] == [1]
    assert [row["id"] for row in made.queue(state="free")] == [3]


def test_rows_are_filtered_by_application_and_connector(control: Control) -> None:
    portal = control.create({"apps": [{"client_id": "a.a"}, {"client_id": "b.b"}]})
    portal.put(
        {"client_id": "a.a", **lead_added(1)},
        {"client_id": "b.b", **lead_added(1)},
        {"client_id": "b.b", **lead_added(1, auth_connector="X")},
    )

    assert [row["id"] for row in portal.queue(client_id="b.b")] == [2, 3]
    assert [row["id"] for row in portal.queue(auth_connector="")] == [1, 2]
    assert portal.empty(client_id="b.b", auth_connector="X") == 1
    assert portal.empty() == 2
    assert portal.queue() == []


def test_a_row_is_put_byte_for_byte(made: PortalControl, caller: Client) -> None:
    row = lead_added(1, additional={"user_id": "7"}, message_id="1", id=40, error=True)

    assert made.put(row) == [40]

    shown = made.queue()[0]
    assert {name: shown[name] for name in row} == row
    assert caller("event.offline.list").result[0]["ERROR"] == "1"
    assert made.put(lead_added(2)) == [41]


def test_rows_beyond_retention_are_not_shown(made: PortalControl) -> None:
    made.put(lead_added(1))
    made.advance(2_952_000)

    assert made.queue() == []


def test_of_a_list_all_rows_are_put_or_none(made: PortalControl) -> None:
    with pytest.raises(ControlError) as refused:
        made.put(lead_added(1), lead_added(2), lead_added(1))

    assert refused.value.path == "[2]"
    assert "row 0" in refused.value.problem
    assert made.queue() == []


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (lead_added(1), "message id as row 1"),
        (lead_added(2, id=1), "id 1"),
    ],
)
def test_a_row_that_is_there_already_is_refused(
    made: PortalControl, row: dict[str, object], problem: str
) -> None:
    made.put(lead_added(1))

    with pytest.raises(ControlError) as refused:
        made.put(lead_added(3), row)

    assert refused.value.status == 422
    assert refused.value.path == "[1]"
    assert problem in refused.value.problem
    assert len(made.queue()) == 1


def test_a_misspelt_key_of_the_third_row_is_named(made: PortalControl) -> None:
    with pytest.raises(ControlError) as refused:
        made.put(lead_added(1), lead_added(2), {"event": "ONCRMLEADADD", "conector": "X"})

    assert refused.value.path == "[2].conector"
    assert "did you mean auth_connector?" in refused.value.problem


def test_an_unknown_application_of_a_row_is_named(made: PortalControl) -> None:
    with pytest.raises(ControlError) as refused:
        made.put(lead_added(1), lead_added(2, client_id="local.ap"))

    assert refused.value.path == "[1].client_id"
    assert "local.app" in refused.value.problem


def test_a_portal_with_several_applications_asks_which(control: Control) -> None:
    portal = control.create({"apps": [{"client_id": "a.a"}, {"client_id": "b.b"}]})

    with pytest.raises(ControlError) as refused:
        portal.put(lead_added(1))

    assert refused.value.path == "[0].client_id"
