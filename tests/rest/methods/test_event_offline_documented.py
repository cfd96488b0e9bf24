"""The documentation's own examples of event.offline.*: what they ask, and what they show."""

from __future__ import annotations

from typing import Any

import pytest

from tests.documented.examples import Example, queue_examples
from tests.documented.shapes import assert_same_shape
from tests.rest.methods.offline import left_ids, message, portal_like
from tests.support import TestPortal

SHOWN = "2024-07-18T12:32:31+02:00"
PROCESS = "yh3gu929sf0d32lsfysqas2y1hlpp09q"
ROWS = [
    {"id": 1, "event": "ONCRMLEADADD", "message_id": "1", "timestamp": SHOWN},
    {"id": 2, "event": "ONCRMCOMPANYADD", "message_id": "2", "timestamp": SHOWN},
]
EXAMPLES = [
    pytest.param(example, id=example.method)
    for example in queue_examples()
    if example.method.startswith("event.offline.") and example.tied
]
REFUSED = [
    pytest.param(example, id=example.method)
    for example in queue_examples()
    if example.method.startswith("event.offline.") and example.status == 403
]


def stocked(portal: TestPortal, example: Example) -> dict[str, Any]:
    """Put what the example speaks of into the queue; give its parameters."""
    reserved = PROCESS if "process_id" in example.body else ""
    connector = example.body.get("auth_connector", "")
    portal.rows({**row, "process_id": reserved, "auth_connector": connector} for row in ROWS)
    return dict(example.body)


@pytest.mark.parametrize("example", EXAMPLES)
def test_documented_example_answers_as_documented(portal: TestPortal, example: Example) -> None:
    answer = portal.admin(example.method, **stocked(portal, example))

    assert answer.status == example.status
    assert_same_shape(example.response, answer.body)


@pytest.mark.parametrize("example", EXAMPLES)
def test_documented_example_has_the_clouds_time_in_the_cloud(
    cloud_portal: TestPortal, example: Example
) -> None:
    answer = cloud_portal.admin(example.method, **stocked(cloud_portal, example))

    assert list(answer.body) == list(example.response)
    assert type(answer.body["time"]["start"]) is int


@pytest.mark.parametrize("example", REFUSED)
def test_documented_refusal_is_what_the_cloud_says_to_a_user(
    cloud_portal: TestPortal, example: Example
) -> None:
    answer = cloud_portal.user(example.method, **stocked(cloud_portal, example))

    assert answer.status == example.status
    assert answer.body == example.response


def test_documented_take_answers_with_exactly_the_documented_event(portal: TestPortal) -> None:
    [example] = [e for e in queue_examples() if e.method == "event.offline.get" and e.tied]

    berlin = portal_like(portal, portal={"timezone": "Europe/Berlin"})
    result = berlin.admin(example.method, **stocked(berlin, example)).result

    assert result["events"] == example.response["result"]["events"]
    assert result["process_id"] is None


def test_documented_clear_confirms_the_listed_record(any_portal: TestPortal) -> None:
    [example] = [e for e in queue_examples() if e.method == "event.offline.clear" and e.tied]

    assert any_portal.admin(example.method, **stocked(any_portal, example)).result is True
    assert left_ids(any_portal) == [1]


def test_documented_error_sample_lists_a_message_id_that_does_not_exist(
    any_portal: TestPortal,
) -> None:
    """Its 2 is an ID, not a MESSAGE_ID: the server accepts it, and nothing happens."""
    [example] = [e for e in queue_examples() if e.method == "event.offline.error" and e.tied]
    rows = [
        {**row, "process_id": PROCESS, "message_id": message(7 + n)} for n, row in enumerate(ROWS)
    ]
    any_portal.rows(rows)
    before = any_portal.queue()

    assert any_portal.admin(example.method, **example.body).result is True
    assert any_portal.queue() == before
