"""What the journal shows of a call."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import httpx

from mock_bitrix.testing.control import PortalControl
from tests.support import Client, lead_added


def last(portal: PortalControl) -> dict[str, Any]:
    """The last call."""
    return portal.calls()[-1]


def test_a_call_is_shown_with_caller_parameters_and_answer(
    made: PortalControl, caller: Client
) -> None:
    made.freeze("2026-01-02T10:00:00+00:00")

    answer = caller("Event.Offline.Get", limit=3, auth_connector="X")

    shown = last(made)
    assert shown["at"] == "2026-01-02T10:00:00+00:00"
    assert shown["method"] == "event.offline.get"
    assert shown["params"] == {"limit": 3}
    assert shown["status"] == 200
    assert shown["answer"] == answer.body
    by = {"client_id": "local.app", "webhook": None, "user_id": 1, "auth_connector": "X"}
    assert shown["caller"] == by
    assert (shown["verb"], shown["sent"], shown["fault"]) == ("POST", True, None)
    assert (shown["generic"], shown["batch"]) == (False, None)
    assert shown["duration"] > 0


def test_a_take_shows_its_rows_also_where_the_answer_was_lost(
    made: PortalControl, caller: Client
) -> None:
    made.put(lead_added(5), lead_added(6))
    made.add_fault("drop_connection", "event.offline.get", times=1, when="after")

    with suppress(httpx.HTTPError):
        caller("event.offline.get", clear=0)

    shown = last(made)
    assert (shown["sent"], shown["taken"]) == (False, 2)
    [reserved, *_] = queued = made.queue(state="reserved")
    assert shown["process_id"] == reserved["process_id"]
    names = ("id", "event", "message_id")
    assert shown["rows"] == [{name: row[name] for name in names} for row in queued]


def test_refused_calls_are_shown_too(made: PortalControl, caller: Client) -> None:
    caller("event.offline.clear")
    assert (last(made)["status"], last(made)["answer"]["error"]) == (400, "ERROR_ARGUMENT")

    caller("no.such.method")
    assert (last(made)["status"], last(made)["caller"]) == (404, None)


def test_calls_come_newest_last_and_by_pattern_and_since(
    made: PortalControl, caller: Client
) -> None:
    for method in ("profile", "event.get", "event.offline.get", "profile"):
        caller(method)

    calls = made.calls()
    assert [call["method"] for call in calls] == [
        "profile",
        "event.get",
        "event.offline.get",
        "profile",
    ]
    ids = [call["id"] for call in calls]
    assert ids == sorted(ids)
    assert [call["id"] for call in made.calls("EVENT.*")] == ids[1:3]
    assert [call["id"] for call in made.calls(since=ids[1])] == ids[2:]
    assert [call["id"] for call in made.calls(limit=1)] == ids[3:]

    made.forget_calls()
    assert made.calls() == []


def test_a_take_says_what_it_took_and_what_it_left(made: PortalControl, caller: Client) -> None:
    made.put(*(lead_added(number) for number in range(5)))

    caller("event.offline.get", limit=2)
    assert (last(made)["taken"], last(made)["left"]) == (2, 3)

    caller("event.offline.get", limit=2, clear=0, filter={">ID": 4})
    assert (last(made)["taken"], last(made)["left"]) == (1, 2)

    caller("event.offline.get")
    assert (last(made)["taken"], last(made)["left"]) == (2, 0)

    caller("event.offline.get")
    assert (last(made)["taken"], last(made)["left"]) == (0, 0)

    caller("profile")
    assert (last(made)["taken"], last(made)["left"]) == (None, None)


def test_more_than_100_rows_left_are_not_counted(made: PortalControl, caller: Client) -> None:
    made.put(*(lead_added(number) for number in range(103)))

    caller("event.offline.get", limit=1)
    assert last(made)["left"] is None

    caller("event.offline.get", limit=2)
    assert last(made)["left"] == 100


def test_a_batchs_commands_are_calls_of_their_own(made: PortalControl, caller: Client) -> None:
    made.put(lead_added(1))

    caller("batch", cmd={"take": "event.offline.get?limit=1", "bad": "event.offline.clear"})

    batch, take, bad = made.calls()
    assert [batch["method"], take["method"]] == ["batch", "event.offline.get"]
    assert [batch["batch"], take["batch"], bad["batch"]] == [None, batch["id"], batch["id"]]
    assert (take["taken"], take["status"], take["params"]) == (1, 200, {"limit": "1"})
    assert len(take["answer"]["events"]) == 1
    assert (bad["status"], bad["answer"]["error"]) == (400, "ERROR_ARGUMENT")


def test_an_xml_answer_is_shown_as_text(made: PortalControl, caller: Client) -> None:
    caller.send("POST", "server.time.xml", json={"auth": caller.token})

    assert last(made)["answer"].startswith("<response>")


def test_secrets_are_hidden_wherever_they_stand(
    made: PortalControl, caller: Client, webhook: Client
) -> None:
    document = made.document
    app = document["apps"][0]
    secrets = [
        app["tokens"][0]["access_token"],
        app["client_secret"],
        app["application_token"],
        document["webhooks"][0]["secret"],
    ]
    token, client_secret, application_token, hook = secrets
    caller("profile")
    webhook("profile")
    caller("no.such.method", refresh_token="of another server, so unknown", nested=[{"ap": hook}])
    caller("batch", cmd=[f"profile?auth={token}&x={client_secret}"])
    caller.send("POST", "profile", content=json.dumps({"auth": token}).encode())
    caller("app.option.set", options={"a": f"url/rest/1/{hook}/x", "b": application_token})
    caller.send("GET", f"profile?auth={token}&filter[x]={hook}")
    caller.send("GET", f"{token}?auth={token}")

    text = json.dumps(made.calls())

    assert [secret for secret in secrets if secret in text] == []
    assert "of another server" not in text
    assert f"{token[:4]}…" in json.dumps(made.calls(), ensure_ascii=False)


def test_tokens_that_were_issued_are_hidden_in_the_answer(
    made: PortalControl, caller: Client
) -> None:
    app = made.document["apps"][0]
    refresh = made.issue_token()["refresh_token"]
    url = f"{made.transport.url}/oauth/token/"
    query = {
        "grant_type": "refresh_token",
        "client_id": app["client_id"],
        "client_secret": app["client_secret"],
        "refresh_token": refresh,
    }
    given = caller.http.get(url, params=query).json()

    shown = last(made)

    assert shown["method"] == "oauth/token"
    for secret in (given["access_token"], given["refresh_token"], refresh, app["client_secret"]):
        assert secret not in json.dumps(shown)


def test_calls_of_a_webhook_name_it(made: PortalControl, webhook: Client) -> None:
    webhook("profile")

    caller = last(made)["caller"]
    assert caller["client_id"] is None
    assert caller["webhook"] is not None
    assert caller["user_id"] == 1


def test_parameters_nested_very_deep_are_cut_where_nobody_reads_on(
    made: PortalControl, caller: Client
) -> None:
    caller("event.test", deep=json.loads("[" * 400 + "]" * 400))

    shown = last(made)["params"]["deep"]
    depth = 0
    while isinstance(shown, list):
        shown, depth = shown[0], depth + 1
    assert (shown, 90 < depth < 110) == ("…", True)
