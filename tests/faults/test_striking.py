"""Failing on command."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path

import httpx
import pytest

from mock_bitrix.faults.model import example, names, refusals
from mock_bitrix.rest import errors
from mock_bitrix.testing import MockBitrix
from mock_bitrix.testing.control import Control, ControlError, PortalControl
from tests.support import Client, lead_added

RULES = Path(__file__).parents[2] / "docs" / "rules.md"


@pytest.fixture
def made(server: MockBitrix) -> PortalControl:
    """A portal with one application that has a lead in its queue."""
    portal = Control(server.url).create({"apps": [{"tokens": [{"user": 1}]}]})
    portal.put(lead_added(1))
    return portal


@pytest.fixture
def caller(made: PortalControl, http: httpx.Client) -> Client:
    token = made.document["apps"][0]["tokens"][0]["access_token"]
    return Client(http, f"{made.transport.url}/rest", token)


BRACED = {"{ASC|DESC}", "{online|offline}", "{EVENT}", "{fields}"}
"""What stands in braces in the portal's own texts."""

CODES = sorted({str(kind.code) for kind in errors.refusals() if kind.code})


@pytest.mark.parametrize("code", CODES)
def test_every_code_of_the_error_table_can_be_ordered(
    made: PortalControl, caller: Client, code: str
) -> None:
    made.add_fault(code, times=1)

    failed = caller("profile")

    expected = example(refusals()[code])
    assert (failed.status, str(failed.body["error"])) == (expected.status, code)
    assert set(re.findall(r"{.*?}+", expected.text)) <= BRACED
    assert caller("profile").status == 200


def test_codes_of_protocol_section_i_are_all_there() -> None:
    listed = """ERROR_METHOD_NOT_FOUND NO_AUTH_FOUND invalid_token expired_token insufficient_scope
    user_access_error authorization_error APPLICATION_NOT_FOUND ERROR_OAUTH PAYMENT_REQUIRED
    verification_needed CONNECTION_ERROR OVERLOAD_LIMIT ACCESS_DENIED INVALID_REQUEST
    INVALID_CREDENTIALS QUERY_LIMIT_EXCEEDED OPERATION_TIME_LIMIT session_failed access_denied
    METHOD_CONFIRM_WAITING METHOD_CONFIRM_DENIED WRONG_AUTH_TYPE WRONG_LICENSE PORTAL_DELETED
    ERROR_MANIFEST_IS_NOT_AVAILABLE INTERNAL_SERVER_ERROR ERROR_UNEXPECTED_ANSWER
    INTERNAL_WRONG_TRANSPORT INTERNAL_WRONG_HANDLER_CLASS ERROR_CORE WRONG_ENCODING
    ERROR_BATCH_LENGTH_EXCEEDED ERROR_BATCH_METHOD_NOT_ALLOWED ERROR_ARGUMENT
    ERROR_EVENT_NOT_FOUND ERROR_WRONG_HANDLER_URL ERROR_UNSUPPORTED_PROTOCOL CODE_EMPTY"""

    assert set(listed.split()) <= set(names())


BY_FAULT_ONLY = {
    "ConnectionFailed": (401, "CONNECTION_ERROR", "Error connecting to authorization server"),
    "Overloaded": (401, "OVERLOAD_LIMIT", "REST API is blocked due to overload."),
    "CommercialPlansOnly": (401, "ACCESS_DENIED", "REST is available only on commercial plans."),
    "SubscriptionOnly": (401, "ACCESS_DENIED", "REST is available only by subscription."),
    "VerificationNeeded": (401, "verification_needed", "License check failed."),
    "WrongContext": (401, "ACCESS_DENIED", "Current user can't be authorized in this context"),
    "PortalDeleted": (410, "PORTAL_DELETED", "Portal was deleted"),
    "PortalClosed": (403, "PORTAL_DELETED", "Portal was deleted"),
    "UserNotAuthorized": (401, "access_denied", "User not authorized"),
    "UserTypeDenied": (401, "access_denied", "Access denied for this type of user"),
    "ConfirmDenied": (403, "METHOD_CONFIRM_DENIED", "Method call denied"),
    "WrongEncoding": (200, "WRONG_ENCODING", "Wrong request encoding"),
    "UnexpectedAnswer": (
        500,
        "ERROR_UNEXPECTED_ANSWER",
        "Server returned an unexpected response",
    ),
    "WrongTransport": (500, "INTERNAL_WRONG_TRANSPORT", "Wrong transport!"),
    "WrongHandlerClass": (500, "INTERNAL_WRONG_HANDLER_CLASS", "Wrong handler class!"),
    "ManifestNotAvailable": (404, "ERROR_MANIFEST_IS_NOT_AVAILABLE", "Manifest is not available"),
    "BindingStarted": (
        400,
        "ERROR_CORE",
        "Unable to set event handler: Process of binding the handler has already started",
    ),
    "IntegrationBlocked": (
        401,
        "QUERY_LIMIT_EXCEEDED",
        "Rate limit exceeded. Too many requests in a given amount of time.",
    ),
}


@pytest.mark.parametrize("fault", BY_FAULT_ONLY)
def test_what_no_call_causes_comes_by_a_fault(
    made: PortalControl, caller: Client, fault: str
) -> None:
    made.add_fault(fault, "profile", times=1)

    assert caller("profile").error == BY_FAULT_ONLY[fault]


@pytest.mark.parametrize(
    ("fault", "member"), [("UserNotAuthorized", "sessid"), ("UserTypeDenied", "type")]
)
def test_a_session_s_refusal_has_a_member_more(
    made: PortalControl, caller: Client, fault: str, member: str
) -> None:
    made.add_fault(fault, times=1)

    assert list(caller("profile").body) == ["error", "error_description", member]


def test_the_page_of_rules_says_what_comes_by_a_fault_only() -> None:
    rows = re.findall(r"by fault only: ([^|]+)", RULES.read_text(encoding="utf-8"))

    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == set(BY_FAULT_ONLY)


def test_a_fault_concerns_the_methods_of_its_pattern(made: PortalControl, caller: Client) -> None:
    made.add_fault("QUERY_LIMIT_EXCEEDED", "Event.Offline.*")

    assert caller("event.offline.get").status == 503
    assert caller("EVENT.OFFLINE.LIST").status == 503
    assert caller("event.get").status == 200


def test_a_fault_strikes_so_many_times(made: PortalControl, caller: Client) -> None:
    number = made.add_fault("QUERY_LIMIT_EXCEEDED", times=2)["id"]

    assert [caller("profile").status for _ in range(4)] == [503, 503, 200, 200]
    assert [(each["id"], each["struck"]) for each in made.faults()] == [(number, 2)]


def thrown(server: MockBitrix, http: httpx.Client, member_id: str) -> list[int]:
    """The statuses of 40 calls of a portal with a seed, under a fault by chance."""
    portal = {"domain": f"{member_id}.bitrix24.test", "member_id": member_id, "seed": "dice"}
    app = {"tokens": [{"user": 1, "access_token": f"{member_id}.token"}]}
    made = Control(server.url).create({"portal": portal, "apps": [app]})
    made.add_fault("QUERY_LIMIT_EXCEEDED", "profile", probability=0.5)
    caller = Client(http, f"{server.url}/rest", f"{member_id}.token")
    return [caller("profile").status for _ in range(40)]


def test_chance_decides_and_repeats_with_the_portals_seed(
    server: MockBitrix, http: httpx.Client
) -> None:
    first, second = (thrown(server, http, each * 32) for each in "ab")

    assert first == second
    assert 10 < first.count(503) < 30
    assert first.count(503) + first.count(200) == 40


def test_a_probability_of_0_never_strikes(made: PortalControl, caller: Client) -> None:
    made.add_fault("QUERY_LIMIT_EXCEEDED", probability=0)

    assert [caller("profile").status for _ in range(20)] == [200] * 20


def test_threads_at_once_share_the_times(made: PortalControl, caller: Client) -> None:
    made.add_fault("QUERY_LIMIT_EXCEEDED", times=5)
    statuses: list[int] = []
    calls = [
        threading.Thread(target=lambda: statuses.append(caller("profile").status))
        for _ in range(12)
    ]
    for call in calls:
        call.start()
    for call in calls:
        call.join()

    assert statuses.count(503) == 5


def test_of_faults_without_an_end_the_first_strikes_until_taken_back(
    made: PortalControl, caller: Client
) -> None:
    first = made.add_fault("INTERNAL_SERVER_ERROR")["id"]
    made.add_fault("QUERY_LIMIT_EXCEEDED")
    assert [caller("profile").status for _ in range(3)] == [500, 500, 500]

    made.remove_fault(first)
    assert caller("profile").status == 503

    assert made.clear_faults() == 1
    assert caller("profile").status == 200


def test_a_fault_before_the_effect_leaves_the_queue_alone(
    made: PortalControl, caller: Client
) -> None:
    made.add_fault("QUERY_LIMIT_EXCEEDED", "event.offline.get", times=1)

    caller("event.offline.get")

    assert len(caller("event.offline.get").result["events"]) == 1


@pytest.mark.parametrize("fault", ["QUERY_LIMIT_EXCEEDED", "malformed_body", "html_error_page"])
def test_after_the_effect_the_answer_is_lost_and_the_rows_are_gone(
    made: PortalControl, caller: Client, fault: str
) -> None:
    made.add_fault(fault, "event.offline.get", times=1, when="after")

    lost = caller.http.post(f"{caller.base}/event.offline.get", json={"auth": caller.token})

    assert b'"process_id":null,"events":[{"ID":"1"' not in lost.content or fault == "malformed_body"
    assert caller("event.offline.get").result["events"] == []
    assert made.calls("event.offline.get")[0]["taken"] == 1
    assert made.calls("event.offline.get")[0]["fault"] == fault


def test_a_call_that_is_refused_anyway_uses_no_fault_after_the_effect(
    made: PortalControl, caller: Client
) -> None:
    made.add_fault("drop_connection", times=1, when="after")

    assert caller("event.offline.clear").status == 400

    assert made.faults()[0]["struck"] == 0


def test_a_dropped_connection_gives_no_answer(made: PortalControl, caller: Client) -> None:
    made.add_fault("drop_connection", times=1)

    with pytest.raises(httpx.TransportError):
        caller("event.offline.get")

    assert len(caller("event.offline.get").result["events"]) == 1
    dropped = made.calls()[0]
    assert (dropped["status"], dropped["sent"]) == (None, False)


def test_a_connection_dropped_after_the_effect_has_taken_the_rows(
    made: PortalControl, caller: Client
) -> None:
    made.add_fault("drop_connection", times=1, when="after")

    with pytest.raises(httpx.TransportError):
        caller("event.offline.get", clear=0)

    assert [row["state"] for row in made.queue()] == ["reserved"]


def test_a_malformed_body_is_json_cut_short(made: PortalControl, caller: Client) -> None:
    made.add_fault("malformed_body", times=1)

    response = caller.http.post(f"{caller.base}/profile", json={"auth": caller.token})

    assert response.status_code == 200
    assert response.headers["content-type"].startswith("application/json")
    with pytest.raises(ValueError, match=r"."):
        response.json()


def test_the_proxys_page_is_html_with_status_502(made: PortalControl, caller: Client) -> None:
    made.add_fault("html_error_page", times=1)

    response = caller.http.post(f"{caller.base}/profile", json={"auth": caller.token})

    assert response.status_code == 502
    assert response.headers["content-type"] == "text/html"
    assert "502 Bad Gateway" in response.text


def test_a_slow_call_is_right_and_holds_up_nobody(made: PortalControl, caller: Client) -> None:
    made.add_fault("slow", "event.offline.get", times=1, delay=0.5)
    taken: list[int] = []
    slow = threading.Thread(
        target=lambda: taken.append(len(caller("event.offline.get").result["events"]))
    )
    slow.start()
    while not made.faults()[0]["struck"]:
        time.sleep(0.01)

    assert caller("profile").status == 200
    assert taken == []

    slow.join()
    assert taken == [1]
    assert made.calls("event.offline.get")[0]["duration"] >= 0.5


def test_delays_add_up_before_the_fault_that_ends_the_call(
    made: PortalControl, caller: Client
) -> None:
    made.add_fault("slow", delay=0.05, times=1)
    made.add_fault("slow", delay=0.05, times=1)
    made.add_fault("QUERY_LIMIT_EXCEEDED", delay=0.05, times=1)

    assert caller("profile").status == 503
    assert made.calls()[0]["duration"] >= 0.15


def test_a_delay_counts_as_operating_time(made: PortalControl, caller: Client) -> None:
    made.switches(operating_limit="on")
    made.add_fault("slow", delay=0.2, times=2)

    assert caller("profile").body["time"]["operating"] >= 0.2
    batch = caller("batch", cmd={"a": "profile"}).result["result_time"]["a"]
    assert batch["operating"] >= 0.2


def test_an_answer_that_comes_too_late_was_not_sent(made: PortalControl, caller: Client) -> None:
    made.add_fault("slow", "event.offline.get", times=1, delay=0.3)

    with pytest.raises(httpx.ReadTimeout):
        caller.send("POST", "event.offline.get", json={"auth": caller.token}, timeout=0.1)

    made.wait(calls=1)
    assert made.calls()[0]["sent"] is False
    assert made.queue() == []


def test_in_a_batch_a_fault_of_a_command_fails_that_item(
    made: PortalControl, caller: Client
) -> None:
    made.add_fault("QUERY_LIMIT_EXCEEDED", "event.offline.get", times=1)

    answer = caller("batch", cmd={"a": "profile", "b": "event.offline.get", "c": "server.time"})

    assert answer.result["result_error"] == {
        "b": {"error": "QUERY_LIMIT_EXCEEDED", "error_description": "Too many requests"}
    }
    assert list(answer.result["result"]) == ["a", "c"]
    assert made.queue()


def test_in_a_batch_a_fault_after_the_effect_loses_that_item(
    made: PortalControl, caller: Client
) -> None:
    made.add_fault("INTERNAL_SERVER_ERROR", "event.offline.get", when="after")

    answer = caller("batch", cmd={"b": "event.offline.get"})

    assert answer.result["result_error"]["b"]["error"] == "INTERNAL_SERVER_ERROR"
    assert made.queue() == []


@pytest.mark.parametrize("fault", ["html_error_page", "drop_connection"])
def test_in_a_batch_a_transport_fault_concerns_the_whole_call(
    made: PortalControl, caller: Client, fault: str
) -> None:
    made.add_fault(fault, "server.time", times=1)
    commands = {"a": "event.offline.get", "b": "server.time"}

    try:
        status = caller("batch", cmd=commands).status
    except httpx.TransportError:
        status = 0

    assert status == {"html_error_page": 502, "drop_connection": 0}[fault]
    assert made.queue() == [], "what came before it has happened"
    assert [call["sent"] for call in made.calls()] == [False, False, False]


def test_an_unknown_fault_names_the_nearest(made: PortalControl) -> None:
    with pytest.raises(ControlError) as refused:
        made.add_fault("QUERY_LIMIT_EXCEEDE")

    assert refused.value.status == 422
    assert refused.value.path == "fault"
    assert "did you mean QUERY_LIMIT_EXCEEDED?" in refused.value.problem


@pytest.mark.parametrize(
    ("order", "path"),
    [
        ({"times": 0}, "times"),
        ({"probability": 1.5}, "probability"),
        ({"delay": -1.0}, "delay"),
        ({"when": "later"}, "when"),
    ],
)
def test_a_wrong_order_is_refused(made: PortalControl, order: dict[str, object], path: str) -> None:
    with pytest.raises(ControlError) as refused:
        made.transport.call("POST", f"/portals/{made.name}/faults", {"fault": "slow", **order})

    assert refused.value.path == path
    assert made.faults() == []
