"""`batch` (protocol F.9)."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.rest.support import Echo, run
from tests.support import Json, TestPortal, install_portal, lead_added

MAPS = ["result", "result_error", "result_total", "result_next", "result_time"]
NOTHING: Json = {name: [] for name in MAPS}
NOT_FOUND = {"error": "ERROR_METHOD_NOT_FOUND", "error_description": "Method not found!"}
TOO_LONG = {
    "error": "ERROR_BATCH_LENGTH_EXCEEDED",
    "error_description": "Max batch length exceeded",
}
NOT_ALLOWED = {
    "error": "ERROR_BATCH_METHOD_NOT_ALLOWED",
    "error_description": "Method is not allowed for batch usage",
}


# What is asked for


def test_calls_may_be_listed_or_named(any_portal: TestPortal) -> None:
    listed = run(any_portal.admin, "profile", "user.admin")
    named = run(any_portal.admin, me="profile", am="user.admin")

    assert listed["result"][1] is True
    assert named["result"]["am"] is True


def test_a_batch_may_be_a_form(portal: TestPortal) -> None:
    query = quote(f"CODE={quote('rest_auth_connector')}")

    answer = portal.admin.form("batch", f"cmd[a]=feature.get?{query}&cmd[b]=user.admin&halt=0")

    assert answer.result["result"] == {"a": {"value": "Y"}, "b": True}


def test_a_webhook_may_call_a_batch(portal: TestPortal) -> None:
    maps = run(portal.webhook, a="profile", b="event.get")

    assert maps["result"]["a"]["ID"] == "1"
    assert maps["result_error"]["b"]["error"] == "WRONG_AUTH_TYPE"


@pytest.mark.parametrize(
    "given",
    [{}, {"cmd": "profile"}, {"cmd": '["profile"]'}, {"cmd": None}, {"cmd": []}, {"cmd": 5}],
)
def test_without_commands_every_map_is_empty(any_portal: TestPortal, given: Json) -> None:
    assert any_portal.admin("batch", **given).result == NOTHING


def test_a_command_that_is_no_text_is_passed_over(portal: TestPortal) -> None:
    maps = run(portal.admin, a=5, b=["profile"], c=None, d="user.admin", e={"method": "profile"})

    assert maps["result"] == {"d": True}
    assert maps["result_error"] == []


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ("profile.json", NOT_FOUND),
        ("profile.xml?x=1", NOT_FOUND),
        ("/profile", NOT_FOUND),
        ("no.such.method", NOT_FOUND),
        ("", NOT_FOUND),
        ("?CODE=x", NOT_FOUND),
        ("batch", NOT_ALLOWED),
        ("Batch?cmd[0]=profile", NOT_ALLOWED),
        ("download", NOT_ALLOWED),
        ("upload", NOT_ALLOWED),
    ],
)
def test_a_command_that_is_no_method_fails_by_itself(
    portal: TestPortal, command: str, error: Json
) -> None:
    maps = run(portal.admin, a=command, b="user.admin")

    assert maps["result_error"] == {"a": error}
    assert maps["result"] == {"b": True}


def test_case_of_a_method_name_does_not_matter_in_a_batch(portal: TestPortal) -> None:
    assert run(portal.admin, "User.ADMIN")["result"] == [True]


def test_a_command_ends_at_a_number_sign(portal: TestPortal) -> None:
    maps = run(portal.admin, "feature.get?CODE=rest_auth_connector#x", "user.admin#?x")

    assert maps["result"] == [{"value": "Y"}, True]


def test_a_query_is_read_like_a_query_string(portal: TestPortal) -> None:
    portal.rows(map(lead_added, range(3)))
    first, last = portal.queue()[0]["ID"], portal.queue()[-1]["ID"]

    command = f"event.offline.list?filter[%3E%3DID]={first}&order[ID]=desc&filter[<ID]={last}"
    (shown,) = run(portal.admin, command)["result"]

    assert [row["ID"] for row in shown] == [str(int(last) - 1), first]


def test_only_50_commands_are_run(any_portal: TestPortal) -> None:
    answer = any_portal.admin("batch", cmd=["user.admin"] * 52)

    assert answer.status == 200
    assert answer.result["result"] == [True] * 50
    assert answer.result["result_error"] == {"50": TOO_LONG, "51": TOO_LONG}


def test_commands_that_are_passed_over_count_all_the_same(portal: TestPortal) -> None:
    maps = run(portal.admin, *[None] * 49, "user.admin", "user.admin")

    assert maps["result"] == {"49": True}
    assert maps["result_error"] == {"50": TOO_LONG}


# What is answered


def test_the_answer_is_five_maps_in_order(any_portal: TestPortal) -> None:
    any_portal.rows(map(lead_added, range(51)))

    answer = any_portal.admin("batch", cmd={"a": "event.offline.list", "b": "no", "c": "profile"})

    assert list(answer.body) == ["result", "time"]
    maps = answer.result
    assert list(maps) == MAPS
    assert list(maps["result"]) == ["a", "c"]
    assert list(maps["result_error"]) == ["b"]
    assert (maps["result_total"], maps["result_next"]) == ({"a": 51}, {"a": 50})
    assert list(maps["result_time"]) == ["a", "c"]


@pytest.mark.parametrize(
    ("commands", "result"),
    [
        (["user.admin", "user.admin"], [True, True]),
        (["no", "user.admin"], {"1": True}),
        ({"0": "user.admin", "1": "user.admin"}, [True, True]),
        ({"1": "user.admin", "0": "user.admin"}, {"1": True, "0": True}),
        ({"5": "user.admin"}, {"5": True}),
        ({"a": "user.admin"}, {"a": True}),
        (["no"], []),
    ],
)
def test_a_map_is_a_list_where_its_keys_count_from_0(
    portal: TestPortal, commands: Json, result: Json
) -> None:
    assert portal.admin("batch", cmd=commands).result["result"] == result


def test_each_call_has_its_own_time(any_portal: TestPortal) -> None:
    answer = any_portal.admin("batch", cmd=["profile"])

    (own,), outer = answer.result["result_time"], answer.body["time"]
    assert list(own)[:6] == list(outer)[:6]
    assert list(own)[-1] == "operating"
    assert own["date_start"] >= outer["date_start"]


def test_an_error_is_there_in_full(portal: TestPortal) -> None:
    errors = run(portal.admin, "event.bind")["result_error"]

    assert errors == [
        {
            "error": "ERROR_ARGUMENT",
            "error_description": "Argument 'EVENT' is null or empty",
            "argument": "EVENT",
        }
    ]


def test_of_a_scope_that_is_missing_the_text_is_empty(portal: TestPortal) -> None:
    poor = install_portal(
        portal.server,
        portal.http,
        {
            "webhooks": [{"scope": ["crm"]}],
            "apps": [{"scope": ["crm"], "tokens": [{"user": 1}]}],
        },
    )
    for caller in (poor.webhook, poor.admin):
        errors = run(caller, a="user.current")["result_error"]
        assert errors == {"a": {"error": "insufficient_scope", "error_description": ""}}


def test_what_fails_in_a_batch_leaves_its_status_200(any_portal: TestPortal) -> None:
    answer = any_portal.admin("batch", cmd=["no", "event.offline.get?process_id[]=x"])

    assert answer.status == 200
    assert [each["error"] for each in answer.result["result_error"]] == [
        "ERROR_METHOD_NOT_FOUND",
        "INTERNAL_SERVER_ERROR",
    ]


def test_a_batch_may_be_answered_in_xml(portal: TestPortal) -> None:
    text = portal.admin("batch.xml", cmd={"a": "user.admin"}).response.text

    assert "<response><result><result><a>1</a></result><result_error></result_error>" in text


# Halting


@pytest.mark.parametrize("halt", [1, "1", True, "Y", "false", 2, [0]])
def test_halt_ends_the_batch_at_the_first_failure(portal: TestPortal, halt: Json) -> None:
    maps = run(portal.admin, a="user.admin", b="no", c="user.admin", d="no", halt=halt)

    assert maps["result"] == {"a": True}
    assert list(maps["result_error"]) == ["b"]
    assert list(maps["result_time"]) == ["a"]


@pytest.mark.parametrize("halt", [0, "0", "", False, None, []])
def test_without_halt_the_batch_goes_on(portal: TestPortal, halt: Json) -> None:
    maps = run(portal.admin, a="no", b="user.admin", halt=halt)

    assert maps["result"] == {"b": True}


# Who calls


def test_an_item_can_not_change_the_caller(portal: TestPortal) -> None:
    token = portal.admin.token

    maps = run(portal.user, f"profile?auth={token}", f"profile?access_token={token}")

    assert [each["ID"] for each in maps["result"]] == ["2", "2"]


def test_the_outer_connector_is_that_of_every_item(portal: TestPortal) -> None:
    commands = ["event.bind?event=ONCRMLEADADD&event_type=offline", "event.get"]

    maps = portal.admin("batch", cmd=commands, auth_connector="X").result

    assert [each["connector_id"] for each in maps["result"][1]] == ["X"]


def test_an_items_own_connector_is_not_honoured(portal: TestPortal) -> None:
    bind = "event.bind?event=ONCRMLEADADD&event_type=offline&auth_connector=X"

    maps = run(portal.admin, bind, "event.get")

    assert [each["connector_id"] for each in maps["result"][1]] == [""]


def test_an_items_credentials_reach_no_method(portal: TestPortal) -> None:
    echo = Echo(portal)

    run(portal.admin, "event.test?x=1&auth=a&access_token=b&auth_connector=c&state=s&start=3")

    assert echo.got() == {"x": "1"}


def test_a_download_links_token_is_refused_in_an_item_too(portal: TestPortal) -> None:
    errors = run(portal.admin, "profile?token=x")["result_error"]

    assert errors[0]["error_description"] == "Access denied! Link check failed"
