"""A change from outside, binding by binding."""

from __future__ import annotations

import time

import pytest

from mock_bitrix.testing.control import ControlError, NothingBound, PortalControl
from tests.events.handlers import Handler
from tests.support import Client


def test_a_change_is_queued_and_a_repeated_one_refreshes_it(made: PortalControl) -> None:
    first = made.emit("onCrmLeadAdd", {"FIELDS": {"ID": 5}})
    again = made.emit("ONCRMLEADADD", {"FIELDS": {"ID": 5}})

    row = {"client_id": "local.app", "auth_connector": "", "id": 1}
    assert first == {"queued": [{**row, "refreshed": False}], "delivered": [], "skipped": []}
    assert again["queued"] == [{**row, "refreshed": True}]
    assert [each["data"] for each in made.queue()] == [{"FIELDS": {"ID": 5}}]


def test_an_applications_own_change_is_skipped_as_an_echo(made: PortalControl) -> None:
    happened = made.emit("ONCRMLEADADD", client_id="local.app")

    assert happened["queued"] == []
    assert "echo" in happened["skipped"][0]["reason"]
    assert made.emit("ONCRMLEADADD", client_id="local.app", auth_connector="X")["queued"]


def test_a_handler_is_named(made: PortalControl, caller: Client) -> None:
    handler = "http://127.0.0.1:9/hook"
    caller("event.bind", event="ONCRMDEALADD", handler=handler)

    happened = made.emit("ONCRMDEALADD")

    assert happened["delivered"] == [{"client_id": "local.app", "handler": handler}]


def test_without_data_the_documented_sample_happens(made: PortalControl) -> None:
    made.emit("ONCRMLEADADD")

    assert "ID" in made.queue()[0]["data"]["FIELDS"]


def test_an_unknown_event_is_refused_with_the_nearest_name(made: PortalControl) -> None:
    with pytest.raises(ControlError) as refused:
        made.emit("ONCRMLEADAD")

    assert refused.value.status == 422
    assert refused.value.path == "event"
    assert "did you mean ONCRMLEADADD?" in refused.value.problem


def test_an_unknown_application_is_refused_with_the_nearest_name(made: PortalControl) -> None:
    with pytest.raises(ControlError) as refused:
        made.emit("ONCRMLEADADD", client_id="local.ap")

    assert refused.value.path == "client_id"
    assert "did you mean local.app?" in refused.value.problem


def test_an_event_that_nobody_has_bound_names_the_bindings_there_are(made: PortalControl) -> None:
    with pytest.raises(NothingBound, match=r"ONCRMDEALADD.*bound are ONCRMLEADADD \(local.app\)"):
        made.emit("ONCRMDEALADD")


def test_bindings_are_listed(made: PortalControl) -> None:
    assert made.bindings() == [
        {
            "client_id": "local.app",
            "event": "ONCRMLEADADD",
            "type": "offline",
            "handler": "",
            "auth_connector": "",
            "user": 0,
        }
    ]


def test_a_delivery_is_remembered_with_the_handlers_answer(
    made: PortalControl, caller: Client
) -> None:
    with Handler(status=500) as handler:
        caller("event.bind", event="ONCRMDEALADD", handler=handler.url)
        made.emit("ONCRMDEALADD", {"FIELDS": {"ID": 5}})
        handler.next()
        while not made.deliveries():
            time.sleep(0.01)

    delivery = made.deliveries()[0]
    assert (delivery["event"], delivery["handler"]) == ("ONCRMDEALADD", handler.url)
    assert (delivery["status"], delivery["failure"]) == (500, "")
    assert "event=ONCRMDEALADD&" in delivery["body"]
    token = made.document["apps"][0]["application_token"]
    assert token not in delivery["body"]
    assert made.calls("*")[-1]["method"] == "event.bind", "a delivery is no call"

    made.forget_calls()
    assert made.deliveries() == []
