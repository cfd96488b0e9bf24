"""Making, showing, replacing and forgetting portals."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mock_bitrix.testing import MockBitrix
from mock_bitrix.testing.control import Control, ControlError, PortalControl
from tests.control.conftest import BOUND, caller_of
from tests.support import Client, lead_added


def test_an_empty_document_makes_an_administrator_and_an_application_with_a_token(
    control: Control, http: httpx.Client, server: MockBitrix
) -> None:
    portal = control.create()

    document = portal.document
    assert document["portal"]["client_endpoint"] == f"{server.url}/rest/"
    assert [user["admin"] for user in document["users"]] == [True]
    assert caller_of(portal, http)("profile").result["ADMIN"] is True
    assert document["apps"][0]["tokens"][0]["refresh_token"]
    assert document["apps"][0]["client_secret"]


def test_the_endpoint_follows_how_the_caller_came(server: MockBitrix, http: httpx.Client) -> None:
    port = server.url.rpartition(":")[2]

    made = http.post(f"http://localhost:{port}/_mock/portals", json={})

    assert made.status_code == 201
    assert made.json()["portal"]["client_endpoint"] == f"http://localhost:{port}/rest/"


def test_a_wrong_document_names_the_path_and_the_nearest_key(control: Control) -> None:
    before = control.portals()

    with pytest.raises(ControlError) as refused:
        control.create({"apps": [{"bindings": [{"evnt": "ONCRMLEADADD"}]}]})

    assert refused.value.status == 422
    assert refused.value.path in ("apps[0].bindings[0].evnt", "apps[0].bindings[0].event")
    assert control.portals() == before


@pytest.mark.parametrize("number", [2**64, -(2**63) - 1, 10**23])
def test_a_whole_number_beyond_64_bits_is_kept_as_php_reads_it(
    control: Control, number: int
) -> None:
    portal = control.create(
        {
            "stubs": {"crm.status.list": {"result": [number]}},
            "users": [{"id": 1, "admin": True, "UF_LARGE": number}],
        }
    )

    document = portal.document
    assert document["stubs"]["crm.status.list"]["result"] == [float(number)]
    assert document["users"][0]["UF_LARGE"] == float(number)


def test_an_unknown_event_names_the_nearest(control: Control) -> None:
    with pytest.raises(ControlError) as refused:
        control.create({"apps": [{"bindings": [{"event": "ONCRMLEADAD", "type": "offline"}]}]})

    assert refused.value.path == "apps[0].bindings[0].event"
    assert "did you mean ONCRMLEADADD?" in refused.value.problem


def test_a_token_that_is_taken_is_refused_by_name_and_nothing_is_made(
    control: Control, made: PortalControl
) -> None:
    token = made.document["apps"][0]["tokens"][0]
    before = control.portals()

    with pytest.raises(ControlError) as refused:
        control.create({"apps": [{"tokens": [token]}]})

    assert refused.value.path == "apps[0].tokens[0].access_token"
    assert control.portals() == before


def test_the_list_names_every_portal_and_marks_the_default(
    control: Control, made: PortalControl
) -> None:
    listed = control.portals()

    assert [each["default"] for each in listed].count(True) == 1
    assert listed[0]["default"]
    mine = next(each for each in listed if each["member_id"] == made.name)
    assert mine["client_ids"] == ["local.app"]


def test_a_snapshot_put_back_changes_nothing(made: PortalControl, caller: Client) -> None:
    made.put(*(lead_added(number) for number in range(3)))
    caller("event.offline.get", clear=0, limit=1)
    made.freeze("2026-01-02T10:00:00+00:00")
    before = made.snapshot()

    assert made.replace(before) == before
    assert made.snapshot() == before


def test_a_replaced_portal_keeps_its_names_and_its_place(control: Control) -> None:
    with MockBitrix() as server:
        default = Control(server.url).portal()
        names = default.snapshot()["portal"]

        renewed = default.replace({"apps": [{"client_id": "local.other"}]})

        assert renewed["portal"]["member_id"] == names["member_id"]
        assert renewed["portal"]["domain"] == names["domain"]
        assert [app["client_id"] for app in default.snapshot()["apps"]] == ["local.other"]


def test_a_wrong_replacement_leaves_the_portal_as_it_was(made: PortalControl) -> None:
    before = made.snapshot()

    with pytest.raises(ControlError):
        made.replace({"users": [{"id": 1}, {"id": 1}]})

    assert made.snapshot() == before


def test_a_forgotten_portal_is_gone_with_its_tokens(made: PortalControl, caller: Client) -> None:
    made.delete()

    assert caller("profile").error[:2] == (401, "invalid_token")
    with pytest.raises(ControlError) as refused:
        made.snapshot()
    assert refused.value.status == 404


def test_portals_do_not_see_each_other(control: Control, http: httpx.Client) -> None:
    app: dict[str, Any] = {"client_id": "local.same", "tokens": [{"user": 1}], "bindings": [BOUND]}
    one, other = control.create({"apps": [app]}), control.create({"apps": [app]})

    one.emit("ONCRMLEADADD")
    one.freeze("2020-01-01T00:00:00+00:00")
    one.add_fault("QUERY_LIMIT_EXCEEDED", "profile")
    one.switches(fresh_filter="strict")
    caller_of(one, http)("profile")

    assert other.queue() == []
    assert not other.clock()["frozen"]
    assert other.switches()["fresh_filter"] == "classic"
    assert caller_of(other, http)("profile").status == 200
    assert len(other.calls()) == len(one.calls()) == 1


def test_a_new_portal_does_not_make_the_others_be_read_again(
    server: MockBitrix, control: Control, caller: Client
) -> None:
    caller("profile")
    directory = server.emulator.directory
    known = dict(directory._kept)

    control.create()
    caller("profile")

    assert known.items() <= directory._kept.items()


def test_an_unknown_portal_is_404(control: Control) -> None:
    with pytest.raises(ControlError) as refused:
        control.portal("f" * 32).queue()

    assert refused.value.status == 404
