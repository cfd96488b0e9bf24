"""The documentation's own examples of event.offline.*: what they do, beyond their shape."""

from __future__ import annotations

from typing import Any

from tests.documented.examples import Example, queue_examples
from tests.rest.methods.offline import left_ids, message, portal_like
from tests.support import TestPortal

SHOWN = "2024-07-18T12:32:31+02:00"
PROCESS = "yh3gu929sf0d32lsfysqas2y1hlpp09q"
ROWS = [
    {"id": 1, "event": "ONCRMLEADADD", "message_id": "1", "timestamp": SHOWN},
    {"id": 2, "event": "ONCRMCOMPANYADD", "message_id": "2", "timestamp": SHOWN},
]


def documented(method: str) -> Example:
    """The one example of the method that has its answer."""
    [example] = [each for each in queue_examples() if each.method == method and each.tied]
    return example


def stocked(portal: TestPortal, example: Example) -> dict[str, Any]:
    """Put what the example speaks of into the queue; give its parameters."""
    reserved = PROCESS if "process_id" in example.body else ""
    connector = example.body.get("auth_connector", "")
    portal.rows({**row, "process_id": reserved, "auth_connector": connector} for row in ROWS)
    return dict(example.body)


def test_documented_take_answers_with_exactly_the_documented_event(portal: TestPortal) -> None:
    example = documented("event.offline.get")

    berlin = portal_like(portal, portal={"timezone": "Europe/Berlin"})
    result = berlin.admin(example.method, **stocked(berlin, example)).result

    assert result["events"] == example.response["result"]["events"]
    assert result["process_id"] is None


def test_documented_clear_confirms_the_listed_record(any_portal: TestPortal) -> None:
    example = documented("event.offline.clear")

    assert any_portal.admin(example.method, **stocked(any_portal, example)).result is True
    assert left_ids(any_portal) == [1]


def test_documented_error_sample_lists_a_message_id_that_does_not_exist(
    any_portal: TestPortal,
) -> None:
    """Its 2 is an ID, not a MESSAGE_ID: the server accepts it, and nothing happens."""
    example = documented("event.offline.error")
    rows = [
        {**row, "process_id": PROCESS, "message_id": message(7 + n)} for n, row in enumerate(ROWS)
    ]
    any_portal.rows(rows)
    before = any_portal.queue()

    assert any_portal.admin(example.method, **example.body).result is True
    assert any_portal.queue() == before
