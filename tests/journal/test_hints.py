"""Likely mistakes are named."""

from __future__ import annotations

from typing import Any

import pytest

from mock_bitrix.testing.control import PortalControl
from tests.support import Client, lead_added


def hints(portal: PortalControl) -> list[str]:
    """Those of the last call."""
    found: list[str] = portal.calls()[-1]["hints"]
    return found


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ({"proces_id": "a"}, "parameter proces_id is unknown and has no effect; did you mean"),
        ({"fliter": {}}, "did you mean filter?"),
        ({"Auth_Connector": "X"}, "Auth_Connector is not auth_connector: the case"),
        ({"something": 1}, "parameter something is unknown and has no effect"),
        ({"clear": "Y"}, "clear 'Y' counts as 0: rows stay reserved"),
        ({"clear": "true"}, "clear 'true' counts as 0"),
        ({"process_id": "abc"}, "process_id without clear=0 deletes the whole batch"),
    ],
)
def test_a_likely_mistake_of_a_take_is_named(
    made: PortalControl, caller: Client, given: dict[str, Any], hint: str
) -> None:
    caller("event.offline.get", **given)

    assert any(hint in each for each in hints(made))


@pytest.mark.parametrize(
    "given",
    [
        {"CLEAR": 0, "Process_Id": "abc", "limit": 5},
        {"clear": "0"},
        {"clear": False},
        {"clear": 1},
        {"filter": {">ID": 1}, "order": {"ID": "DESC"}, "error": 0, "bx24_request_id": "1"},
    ],
)
def test_a_good_take_gets_no_hint(
    made: PortalControl, caller: Client, given: dict[str, Any]
) -> None:
    caller("event.offline.get", **given)

    assert hints(made) == []


def test_a_destructive_take_by_get_is_named(made: PortalControl, caller: Client) -> None:
    caller.send("GET", f"event.offline.get?auth={caller.token}&clear=0")
    assert hints(made) == []

    caller.send("GET", f"event.offline.get?auth={caller.token}")
    assert "a take by GET" in hints(made)[0]


def test_rows_that_wait_under_a_connector_are_named(made: PortalControl, caller: Client) -> None:
    made.put(lead_added(1, auth_connector="sync"), lead_added(2, auth_connector="sync"))

    caller("event.offline.get")
    assert hints(made) == ['2 rows wait under auth_connector "sync"; the take named none']

    caller("event.offline.get", auth_connector="Sync")
    assert hints(made) == ['2 rows wait under auth_connector "sync"; the take named "Sync"']


def test_rows_that_wait_without_a_connector_are_named(made: PortalControl, caller: Client) -> None:
    made.put(lead_added(1))

    caller("event.offline.get", auth_connector="sync")

    assert hints(made) == ['1 rows wait under no auth_connector; the take named "sync"']


def test_rows_that_came_later_are_no_hint(made: PortalControl, caller: Client) -> None:
    made.freeze("2026-01-02T10:00:00+00:00")
    caller("event.offline.get")
    made.advance(1)

    made.put(lead_added(1, auth_connector="sync"))

    assert hints(made) == []


def test_rows_in_error_that_absorb_changes_are_named(made: PortalControl, caller: Client) -> None:
    made.put(lead_added(1, error=True))

    caller("event.offline.get")
    assert "1 rows are in error: they come with error=1 only" in hints(made)[0]

    caller("event.offline.get", error=1, clear=0)
    assert hints(made) == []


def test_records_that_an_error_deletes_for_an_unknown_process_are_named(
    made: PortalControl, caller: Client
) -> None:
    made.put(lead_added(1), lead_added(2))
    listed = [row["message_id"] for row in made.queue()]

    caller("event.offline.error", process_id="unknown", message_id=["another"])
    assert hints(made) == []

    caller("event.offline.error", process_id="unknown", message_id=listed)
    assert "2 good records were deleted, and none in their place was marked" in hints(made)[0]


def test_workers_that_both_fail_on_one_message_may_lose_the_next_change(
    made: PortalControl, caller: Client
) -> None:
    """The first report marks what it holds, and needs no hint; it has deleted the other's row."""
    batches = []
    for _ in range(2):
        made.put(lead_added(1))
        batches.append(caller("event.offline.get", clear=0).result)
    failed = [batch["events"][0]["MESSAGE_ID"] for batch in batches]
    first, second = (batch["process_id"] for batch in batches)
    caller("event.offline.error", process_id=first, message_id=failed)
    assert hints(made) == []
    caller("event.offline.get", clear=0, error=1)
    made.put(lead_added(1))

    caller("event.offline.error", process_id=second, message_id=failed)

    assert "1 good records were deleted, and none in their place was marked" in hints(made)[0]
    assert [row["id"] for row in made.queue()] == [1]  # the first, which is being retried


def test_the_nearest_method_is_named(made: PortalControl, caller: Client) -> None:
    caller("event.offline.got")

    assert hints(made) == ["there is no method event.offline.got; did you mean event.offline.get?"]


def test_an_early_refresh_is_named(made: PortalControl, caller: Client) -> None:
    app = made.document["apps"][0]
    query = {key: app[key] for key in ("client_id", "client_secret")}
    query |= {"grant_type": "refresh_token"}
    url = f"{made.transport.url}/oauth/token/"
    refresh = made.issue_token()["refresh_token"]
    made.freeze()

    again = caller.http.get(url, params={**query, "refresh_token": refresh}).json()
    assert "before the end of the access token" in hints(made)[0]

    made.advance(3590)
    caller.http.get(url, params={**query, "refresh_token": again["refresh_token"]})
    assert hints(made) == []
