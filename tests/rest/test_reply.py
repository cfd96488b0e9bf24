"""What an answer looks like (protocol C)."""

from __future__ import annotations

import re
from datetime import datetime
from xml.etree import ElementTree

import pytest

from mock_bitrix.php.dates import iso
from tests.rest.support import Echo
from tests.support import Client, TestPortal, install_portal, lead_added

TIME = ["start", "finish", "duration", "processing", "date_start", "date_finish"]
SECONDS = re.compile(r"\d+\.\d{10}")


# The envelope


def test_an_answer_is_result_then_time(any_portal: TestPortal) -> None:
    assert list(any_portal.admin("profile").body) == ["result", "time"]
    assert list(any_portal.webhook("profile").body) == ["result", "time"]


def test_a_list_has_next_and_total_between_result_and_time(any_portal: TestPortal) -> None:
    any_portal.rows(map(lead_added, range(51)))

    first = any_portal.admin("event.offline.list").body
    last = any_portal.admin("event.offline.list", start=50).body

    assert list(first) == ["result", "next", "total", "time"]
    assert (first["next"], first["total"]) == (50, 51)
    assert list(last) == ["result", "total", "time"]


def test_only_lists_have_a_total(any_portal: TestPortal) -> None:
    for method in ("event.offline.get", "event.get", "events", "methods", "scope", "batch"):
        assert list(any_portal.admin(method).body) == ["result", "time"]


def test_an_error_has_no_time(any_portal: TestPortal) -> None:
    for method in ("no.such.method", "feature.get", "app.option.set"):
        assert "time" not in any_portal.admin(method).body


def test_an_error_is_code_and_text_then_the_argument(portal: TestPortal) -> None:
    assert list(portal.admin("feature.get").body) == ["error", "error_description"]
    assert list(portal.admin("event.bind").body) == ["error", "error_description", "argument"]


# Time


def test_time_has_its_keys_in_order_and_operating_last(any_portal: TestPortal) -> None:
    keys = list(any_portal.admin("profile").body["time"])

    assert keys[:6] == TIME
    assert keys[6:] in (["operating"], ["operating_reset_at", "operating"])


def test_start_and_processing_are_fractions_in_profile_docs(portal: TestPortal) -> None:
    times = [portal.admin("profile").body["time"] for _ in range(3)]

    assert any(isinstance(time["start"], float) for time in times)
    assert all(0 < time["processing"] < time["duration"] for time in times)


def test_start_and_processing_are_whole_in_profile_cloud(cloud_portal: TestPortal) -> None:
    time = cloud_portal.admin("profile").body["time"]

    assert type(time["start"]) is int
    assert type(time["processing"]) is int


def test_duration_is_finish_minus_start(any_portal: TestPortal) -> None:
    time = any_portal.admin("profile").body["time"]

    assert time["duration"] == pytest.approx(time["finish"] - time["start"], abs=2e-6)


def test_dates_are_iso_in_the_portals_zone(portal: TestPortal) -> None:
    berlin = install_portal(portal.server, portal.http, {"portal": {"timezone": "Asia/Kolkata"}})
    zone = datetime.fromisoformat(berlin.admin("server.time").result).tzinfo
    assert zone is not None

    time = berlin.admin("profile").body["time"]

    assert time["date_start"] == iso(time["start"], zone)
    assert time["date_finish"] == iso(time["finish"], zone)
    assert time["date_finish"].endswith("+05:30")


# Headers


def test_an_answer_names_its_content_type_errors_too(portal: TestPortal) -> None:
    for call in ("profile", "no.such.method", "feature.get"):
        json, xml = portal.admin(call).response, portal.admin(f"{call}.xml").response
        assert json.headers["content-type"] == "application/json; charset=utf-8"
        assert xml.headers["content-type"] == "text/xml; charset=utf-8"


def test_the_application_is_named_once_it_is_known(portal: TestPortal) -> None:
    def named(caller: Client, call: str) -> object:
        return caller(call).response.headers.get("x-bitrix-rest-application")

    assert named(portal.admin, "profile") == portal.client_id
    assert named(portal.admin, "feature.get") == portal.client_id  # refused
    assert named(portal.webhook, "profile") is None
    assert named(portal.admin, "no.such.method") is None


def test_the_time_taken_is_told_with_ten_decimals(any_portal: TestPortal) -> None:
    for call in ("profile", "feature.get", "no.such.method"):
        headers = any_portal.admin(call).response.headers

        for name in ("time", "user-time", "system-time"):
            assert SECONDS.fullmatch(headers[f"x-bitrix-rest-{name}"])
        assert float(headers["x-bitrix-rest-time"]) > 0


# JSON


def test_json_is_compact_and_escapes_what_the_portal_escapes(portal: TestPortal) -> None:
    portal.rows([{"event": "ONCRMLEADADD", "data": {"a/b": "ä<>&'\"\\😀\n\x7f"}}])

    text = portal.admin("event.offline.list").response.text

    escaped = r"\u00e4\u003C\u003E\u0026\u0027\u0022\\\ud83d\ude00\n" + "\x7f"
    assert rf'"EVENT_DATA":{{"a\/b":"{escaped}"}}' in text
    assert re.search(r"[:,] |[:,]\n", text) is None


def test_an_empty_array_is_a_list_even_where_an_object_is_meant(portal: TestPortal) -> None:
    portal.rows([{"event": "ONCRMLEADADD", "data": {"a": {}}, "additional": {}}])

    text = portal.admin("event.offline.list").response.text

    assert '"EVENT_DATA":{"a":[]},"EVENT_ADDITIONAL":[]' in text
    assert portal.admin("app.option.get").response.text.startswith('{"result":[],')


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"0": "a", "1": "b"}, ["a", "b"]),
        ({"1": "a", "2": "b"}, {"1": "a", "2": "b"}),
        ({"1": "b", "0": "a"}, {"1": "b", "0": "a"}),
        ({"0": "a", "x": "b"}, {"0": "a", "x": "b"}),
        (["a", "b"], ["a", "b"]),
    ],
)
def test_an_array_is_a_list_only_if_its_keys_count_from_0(
    portal: TestPortal, given: object, shown: object
) -> None:
    got = Echo(portal)(json={"auth": portal.admin.token, "x": given})

    assert got == {"x": shown}


def test_numbers_of_the_database_are_texts_computed_ones_are_not(portal: TestPortal) -> None:
    portal.rows([lead_added(5, error=True)])
    portal.admin("event.bind", event="ONCRMLEADADD", handler="http://127.0.0.1:9/")

    (row,) = portal.queue()
    (binding,) = portal.admin("event.get").result
    count = portal.admin("event.unbind", event="ONCRMLEADADD", handler="x").result["count"]

    assert (row["ID"].isdigit(), row["ERROR"], row["EVENT_DATA"]) == (
        True,
        "1",
        {"FIELDS": {"ID": 5}},
    )
    assert (binding["auth_type"], binding["offline"]) == ("0", 0)
    assert type(count) is int


# XML


def test_xml_has_no_prolog_and_its_root_is_response(portal: TestPortal) -> None:
    text = portal.admin("user.admin.xml").response.text

    assert text.startswith("<response><result>1</result><time><start>")
    assert text.endswith("</operating></time></response>")


def test_xml_of_a_list_has_items_and_of_false_nothing(portal: TestPortal) -> None:
    portal.rows([{"event": "ONCRMLEADADD", "data": {"a": "<&>", "b": None}, "id": 7}])

    root = ElementTree.fromstring(portal.admin("event.offline.list.xml").response.text)

    (item,) = root.findall("result/item")
    assert item.findtext("ID") == "7"
    assert item.findtext("EVENT_DATA/a") == "<&>"
    assert item.findtext("EVENT_DATA/b") == ""
    assert item.findtext("EVENT_ADDITIONAL") == ""
    assert root.findtext("total") == "1"


def test_xml_of_an_error_is_code_and_text(portal: TestPortal) -> None:
    answer = portal.admin("no.such.method.xml")

    assert answer.status == 404
    assert answer.response.text == (
        "<response><error>ERROR_METHOD_NOT_FOUND</error>"
        "<error_description>Method not found!</error_description></response>"
    )
    assert "<argument>EVENT</argument></response>" in portal.admin("event.bind.xml").response.text
