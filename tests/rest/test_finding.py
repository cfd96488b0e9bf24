"""Which method answers: a named one, a stub of the fixture, a generic one, or none."""

from __future__ import annotations

import pytest

from tests.support import TestPortal, install_portal

STUBS = {
    "crm.status.list": {"result": [{"STATUS_ID": "NEW"}], "total": 1},
    "crm.enum.ownertype": {"result": [{"ID": 1}]},
    "CRM.Duplicate.FindByComm": {"error": "SOME_CODE", "error_description": "x", "status": 403},
    "crm.lead.list": {"result": "never shown"},
}


@pytest.fixture
def stubbed(portal: TestPortal) -> TestPortal:
    """A portal with fixed answers."""
    return install_portal(portal.server, portal.http, {"stubs": STUBS})


def test_a_stub_answers_what_the_fixture_says(stubbed: TestPortal) -> None:
    owner = stubbed.webhook("crm.enum.ownerType")
    status = stubbed.admin("crm.status.list")
    refused = stubbed.webhook("crm.duplicate.findbycomm")

    assert owner.result == [{"ID": 1}]
    assert owner.response.headers["X-Mock-Bitrix"] == "stub"
    assert (status.result, status.body["total"]) == ([{"STATUS_ID": "NEW"}], 1)
    assert refused.status == 403
    assert refused.body == {"error": "SOME_CODE", "error_description": "x"}
    assert "time" in owner.body


def test_named_methods_are_not_stubbed(stubbed: TestPortal) -> None:
    assert stubbed.webhook("crm.lead.list").result == []


def test_a_stub_is_its_portals_own(stubbed: TestPortal, portal: TestPortal) -> None:
    assert stubbed.webhook("crm.enum.ownertype").status == 200

    assert portal.webhook("crm.enum.ownertype").error[1] == "ERROR_METHOD_NOT_FOUND"
    assert portal.webhook("crm.status.list").result == []


def test_an_unknown_method_says_whether_the_real_portal_has_it(portal: TestPortal) -> None:
    real = portal.webhook("crm.duplicate.findbycomm")
    nonsense = portal.webhook("crm.nonsense")

    assert real.error == nonsense.error == (404, "ERROR_METHOD_NOT_FOUND", "Method not found!")
    note = "not emulated; the portal has this method"
    assert real.response.headers["X-Mock-Bitrix"] == note
    assert "X-Mock-Bitrix" not in nonsense.response.headers


def test_methods_and_method_get_speak_of_all_that_is_answered(
    stubbed: TestPortal, portal: TestPortal
) -> None:
    known = stubbed.admin("methods").result

    assert {"crm.lead.list", "crm.status.add", "crm.enum.ownertype"} <= set(known)
    assert len(known) == len(set(known))
    there = {"isExisting": True, "isAvailable": True}
    assert stubbed.admin("method.get", name="crm.enum.ownertype").result == there
    assert stubbed.admin("method.get", name="crm.status.add").result == there
    assert portal.admin("method.get", name="crm.enum.ownertype").result["isExisting"] is False
    assert "crm.enum.ownertype" not in portal.admin("methods", FULL=1).result


def test_a_result_that_is_an_error_is_sent_without_the_envelope(portal: TestPortal) -> None:
    """Both members must say something (protocol C.1)."""
    error = {"error": "CODE", "error_description": "text", "more": 1}
    stubs = {
        "crm.enum.ownertype": {"result": error},
        "crm.duplicate.findbycomm": {"result": {**error, "error": "0"}},
        "crm.enum.fields": {"result": {**error, "error_description": ""}},
        "crm.enum.addresstype": {"result": {"error": "CODE"}},
    }
    made = install_portal(portal.server, portal.http, {"stubs": stubs})

    as_error = made.webhook("crm.enum.ownertype")
    in_batch = made.webhook("batch", cmd={"a": "crm.enum.ownertype", "b": "user.admin"}, halt=1)

    assert (as_error.status, as_error.body) == (200, error)
    assert made.webhook("crm.enum.ownertype.xml").response.text == (
        "<response><error>CODE</error><error_description>text</error_description>"
        "<more>1</more></response>"
    )
    assert in_batch.result["result_error"] == {"a": error}
    assert in_batch.result["result"] == in_batch.result["result_time"] == []
    for name in ("crm.duplicate.findbycomm", "crm.enum.fields", "crm.enum.addresstype"):
        assert list(made.webhook(name).body) == ["result", "time"]


def test_a_stub_works_in_a_batch(stubbed: TestPortal) -> None:
    answer = stubbed.admin("batch", cmd={"a": "crm.enum.ownertype", "b": "crm.status.list"})

    assert answer.result["result"] == {"a": [{"ID": 1}], "b": [{"STATUS_ID": "NEW"}]}
    assert answer.result["result_total"] == {"b": 1}
