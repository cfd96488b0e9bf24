"""Requests (protocol H.1) and operating time (H.2), exact by the portal's clock."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mock_bitrix.testing import MockBitrix
from mock_bitrix.testing.control import Control, PortalControl
from tests.support import Client

START = "2026-01-02T10:00:30+00:00"


def _portal(server: MockBitrix, **portal: Any) -> PortalControl:
    apps = [{"client_id": each, "tokens": [{"user": 1}]} for each in ("a.a", "b.b")]
    made = Control(server.url).create(
        {"portal": portal, "apps": apps, "webhooks": [{"user": 1}, {"user": 1}]}
    )
    made.freeze(START)
    return made


def _caller(portal: PortalControl, http: httpx.Client, number: int = 0) -> Client:
    token = portal.document["apps"][number]["tokens"][0]["access_token"]
    return Client(http, f"{portal.transport.url}/rest", token)


def _webhook(portal: PortalControl, http: httpx.Client, number: int) -> Client:
    secret = portal.document["webhooks"][number]["secret"]
    return Client(http, f"{portal.transport.url}/rest/1/{secret}")


def _passed(call: Client, times: int) -> int:
    return [call("server.time").status for _ in range(times)].count(200)


PLANS = [("standard", 50, 2), ("enterprise", 250, 5)]


@pytest.mark.parametrize(("plan", "capacity", "rate"), PLANS)
def test_the_bucket_holds_and_leaks_as_the_plan_says(
    server: MockBitrix, http: httpx.Client, plan: str, capacity: int, rate: int
) -> None:
    portal = _portal(server, switches={"request_limit": plan})
    call = _caller(portal, http)
    assert _passed(call, capacity + 3) == capacity

    portal.advance(1)
    assert _passed(call, rate + 2) == rate

    portal.advance(capacity)
    assert _passed(call, capacity + 2) == capacity


def test_too_many_requests_are_503_before_anything_else_is_looked_at(
    server: MockBitrix, http: httpx.Client
) -> None:
    portal = _portal(server, switches={"request_limit": "standard", "request_capacity": 1})
    call = _caller(portal, http)
    call("server.time")

    expected = (503, "QUERY_LIMIT_EXCEEDED", "Too many requests")
    assert call("server.time").error == expected
    assert call("no.such.method").error == expected


def test_failed_calls_count(server: MockBitrix, http: httpx.Client) -> None:
    portal = _portal(server, switches={"request_limit": "standard", "request_capacity": 2})
    call = _caller(portal, http)

    assert call("no.such.method").status == 404
    assert call("event.offline.clear").status == 400
    assert call("server.time").status == 503


def test_refused_requests_do_not_count(server: MockBitrix, http: httpx.Client) -> None:
    portal = _portal(server, switches={"request_limit": "standard", "request_capacity": 1})
    call = _caller(portal, http)
    assert _passed(call, 10) == 1

    portal.advance(0.5)

    assert _passed(call, 2) == 1


def test_small_steps_of_time_add_up(server: MockBitrix, http: httpx.Client) -> None:
    portal = _portal(server, switches={"request_limit": "standard", "request_capacity": 1})
    call = _caller(portal, http)
    call("server.time")

    statuses = []
    for _ in range(5):
        portal.advance(0.1)
        statuses.append(call("server.time").status)

    assert statuses == [503, 503, 503, 503, 200]


def test_the_numbers_can_be_set(server: MockBitrix, http: httpx.Client) -> None:
    switches = {"request_limit": "standard", "request_capacity": 3, "request_rate": 0.5}
    portal = _portal(server, switches=switches)
    call = _caller(portal, http)
    assert _passed(call, 5) == 3

    portal.advance(4)

    assert _passed(call, 5) == 2


def test_all_applications_of_a_portal_share_the_bucket_and_other_portals_have_their_own(
    server: MockBitrix, http: httpx.Client
) -> None:
    switches = {"request_limit": "standard", "request_capacity": 2}
    one, other = _portal(server, switches=switches), _portal(server, switches=switches)

    assert _passed(_caller(one, http, 0), 1) == 1
    assert _passed(_caller(one, http, 1), 1) == 1
    assert _passed(_webhook(one, http, 0), 1) == 0
    assert _passed(_caller(other, http), 2) == 2


def test_a_batch_is_one_request(server: MockBitrix, http: httpx.Client) -> None:
    portal = _portal(server, switches={"request_limit": "standard", "request_capacity": 2})
    call = _caller(portal, http)

    answer = call("batch", cmd=["server.time"] * 50)

    assert len(answer.result["result"]) == 50
    assert _passed(call, 2) == 1


def test_a_clock_that_is_set_back_lets_nothing_out(server: MockBitrix, http: httpx.Client) -> None:
    portal = _portal(server, switches={"request_limit": "standard", "request_capacity": 2})
    call = _caller(portal, http)
    assert _passed(call, 1) == 1

    portal.advance(-3600)

    assert _passed(call, 3) == 1


COSTLY = {"operating_cost": {"server.time": 100.0, "profile": 0.05, "Scope": 481}}
LIMITED = {"switches": {"operating_limit": "on"}, **COSTLY}


def test_above_480_seconds_in_ten_minutes_a_method_is_blocked(
    server: MockBitrix, http: httpx.Client
) -> None:
    call = _caller(_portal(server, **LIMITED), http)

    answers = [call("server.time") for _ in range(6)]

    assert [answer.status for answer in answers] == [200] * 5 + [429]
    operating = [answer.body["time"]["operating"] for answer in answers[:5]]
    assert operating == [100, 200, 300, 400, 500]
    text = "Method is blocked due to operation time limit."
    assert answers[5].error == (429, "OPERATION_TIME_LIMIT", text)
    assert call("event.get").status == 200, "other methods are not blocked"


def test_exactly_the_limit_does_not_block(server: MockBitrix, http: httpx.Client) -> None:
    portal = _portal(server, **LIMITED)
    portal.switches(operating_seconds=300)
    call = _caller(portal, http)

    assert [call("server.time").status for _ in range(5)] == [200, 200, 200, 200, 429]


def test_a_method_is_free_again_when_its_oldest_bucket_expires(
    server: MockBitrix, http: httpx.Client
) -> None:
    portal = _portal(server, **LIMITED)  # 30 seconds into a bucket of 60
    call = _caller(portal, http)
    for _ in range(3):
        call("server.time")
    portal.advance(60)
    for _ in range(2):
        call("server.time")
    assert call("server.time").status == 429

    portal.advance(509)  # the last second of the first bucket's ten
    assert call("server.time").status == 429

    portal.advance(1)
    assert call("server.time").body["time"]["operating"] == 300


def test_operating_reset_at_is_ten_minutes_after_the_first_call_of_the_oldest_bucket(
    server: MockBitrix, http: httpx.Client
) -> None:
    portal = _portal(server, **LIMITED)
    call = _caller(portal, http)
    first = call("server.time").body["time"]
    portal.advance(45)

    second = call("server.time").body["time"]

    assert first["operating_reset_at"] == int(first["finish"]) + 600
    assert second["operating_reset_at"] == first["operating_reset_at"]


def test_a_fixed_cost_is_found_in_whatever_case(server: MockBitrix, http: httpx.Client) -> None:
    call = _caller(_portal(server, **LIMITED), http)

    assert call("SCOPE").body["time"]["operating"] == 481
    assert call("scope").status == 429


def test_what_takes_no_longer_than_a_tenth_of_a_second_is_not_recorded(
    server: MockBitrix, http: httpx.Client
) -> None:
    call = _caller(_portal(server, **LIMITED), http)
    call("profile")

    time = call("profile").body["time"]

    assert time["operating"] == 0
    assert isinstance(time["operating"], int)
    assert time["operating_reset_at"] == int(time["finish"]) + 600


def test_each_application_and_each_webhook_has_its_own_time(
    server: MockBitrix, http: httpx.Client
) -> None:
    portal = _portal(server, **LIMITED)
    callers = [
        _caller(portal, http, 0),
        _caller(portal, http, 1),
        _webhook(portal, http, 0),
        _webhook(portal, http, 1),
    ]

    assert [each("server.time").body["time"]["operating"] for each in callers] == [100] * 4


def test_in_a_batch_each_command_counts_for_itself_and_a_limited_one_fails_alone(
    server: MockBitrix, http: httpx.Client
) -> None:
    call = _caller(_portal(server, **LIMITED), http)

    answer = call("batch", cmd=[*["server.time"] * 6, "event.get"])

    times = answer.result["result_time"]
    assert [times[str(n)]["operating"] for n in range(5)] == [100, 200, 300, 400, 500]
    assert answer.result["result_error"]["5"]["error"] == "OPERATION_TIME_LIMIT"
    assert answer.result["result"]["6"] == []
    assert answer.status == 200
    assert answer.body["time"]["operating"] == 0, "the batch itself is not counted"


def test_operating_comes_last_and_its_reset_before_it(
    server: MockBitrix, http: httpx.Client
) -> None:
    call = _caller(_portal(server, **LIMITED), http)

    assert list(call("profile").body["time"])[-2:] == ["operating_reset_at", "operating"]


def test_without_the_limit_operating_is_0_and_nothing_says_when_it_resets(
    server: MockBitrix, http: httpx.Client
) -> None:
    call = _caller(_portal(server, **COSTLY), http)

    time = call("server.time").body["time"]

    assert time["operating"] == 0
    assert "operating_reset_at" not in time


def test_a_limit_counts_over_processes(server: MockBitrix, http: httpx.Client) -> None:
    """The bucket is in the database: a second server on it goes on where the first one was."""
    portal = _portal(server, switches={"request_limit": "standard", "request_capacity": 3})
    assert _passed(_caller(portal, http), 2) == 2

    with MockBitrix(
        database=server.emulator.database.url.render_as_string(hide_password=False)
    ) as second:
        there = Control(second.url).portal(portal.name)
        there._document = portal.document
        assert _passed(_caller(there, http), 3) == 1
