"""The order of event.offline.get and list (protocol D.5)."""

from __future__ import annotations

import pytest

from tests.rest.methods.offline import GET, LIST, filled, ids, leads, refusal, wrong
from tests.support import TestPortal

BY_TIME = [3, 1, 2, 4]
ORDERS = [
    pytest.param(None, BY_TIME, id="absent: by time"),
    pytest.param({"id": "desc"}, [4, 3, 2, 1], id="case is folded"),
    pytest.param({"ID": "Desc"}, [4, 3, 2, 1], id="direction in any case"),
    pytest.param({"EVENT_NAME": "ASC", "ID": "DESC"}, [4, 2, 3, 1], id="several keys"),
    pytest.param({"ID": "ASC", "EVENT_NAME": "DESC"}, [1, 2, 3, 4], id="priority as given"),
    pytest.param({"ID": "ASC", "id": "DESC"}, [4, 3, 2, 1], id="later spelling wins"),
    pytest.param(["EVENT_NAME", "ID"], [2, 4, 1, 3], id="list: each ascending"),
    pytest.param(["EVENT_NAME"], [2, 4, 1, 3], id="ties by id"),
    pytest.param({"EVENT_NAME": "DESC"}, [1, 3, 2, 4], id="ties by id, descending too"),
    pytest.param({"MESSAGE_ID": "DESC"}, [4, 3, 2, 1], id="message id"),
    pytest.param({}, [1, 2, 3, 4], id="empty map: by id"),
    pytest.param([], [1, 2, 3, 4], id="empty list: by id"),
    pytest.param(["ID"] * 3000, [1, 2, 3, 4], id="the same field often"),
]
WRONG_ORDERS = [
    pytest.param("ID", "The order is not an array.", id="text"),
    pytest.param(1, "The order is not an array.", id="number"),
    pytest.param(False, "The order is not an array.", id="false"),
    pytest.param({"NAME": "ASC"}, "Order field not allowed: NAME", id="unknown field"),
    pytest.param(["id"], "Order field not allowed: id", id="list in lower case"),
    pytest.param({"ID": "UP"}, "Order direction should be one of {ASC|DESC}", id="direction"),
    pytest.param({"ID": ["ASC"]}, "Order direction should be one of {ASC|DESC}", id="array"),
    pytest.param({"NAME": "UP"}, "Order field not allowed: NAME", id="field before direction"),
    pytest.param({"": "ASC"}, "Order field not allowed: ", id="empty field"),
]


def orderly(portal: TestPortal) -> TestPortal:
    rows = leads([1, 2, 3, 4])
    for row in rows:
        row["event"] = "ONCRMDEALADD" if row["id"] in (2, 4) else "ONCRMLEADADD"
        row["timestamp"] = f"2026-01-02T10:00:0{BY_TIME.index(row['id'])}+00:00"
    return filled(portal, rows)


@pytest.mark.parametrize(("order", "expected"), ORDERS)
def test_records_come_in_the_order_asked_for(
    any_portal: TestPortal, order: object, expected: list[int]
) -> None:
    assert ids(orderly(any_portal).admin(GET, order=order, clear=0)) == expected


@pytest.mark.parametrize(("order", "text"), WRONG_ORDERS)
@pytest.mark.parametrize("method", [GET, LIST])
def test_wrong_order_is_refused(
    any_portal: TestPortal, method: str, order: object, text: str
) -> None:
    assert refusal(any_portal.admin(method, order=order)) == wrong(text)


@pytest.mark.parametrize("field", ["PROCESS_ID", "ERROR"])
def test_take_has_no_order_by_process_or_error(any_portal: TestPortal, field: str) -> None:
    text = f"Order field not allowed: {field}"

    assert refusal(any_portal.admin(GET, order={field: "ASC"})) == wrong(text)
    assert refusal(any_portal.admin(GET, order={field: "UP"})) == wrong(text)


def test_list_is_ordered_by_id_unless_told(any_portal: TestPortal) -> None:
    portal = orderly(any_portal)

    assert ids(portal.admin(LIST)) == [1, 2, 3, 4]
    assert ids(portal.admin(LIST, order={"timestamp_x": "asc"})) == BY_TIME


def test_list_also_orders_by_process_and_error(any_portal: TestPortal) -> None:
    rows = leads([1, 2, 3])
    rows[0]["process_id"], rows[1]["error"] = "b", True
    filled(any_portal, rows)

    assert ids(any_portal.admin(LIST, order=["ERROR", "PROCESS_ID"])) == [3, 1, 2]
    assert ids(any_portal.admin(LIST, order={"PROCESS_ID": "DESC"})) == [1, 2, 3]


def test_order_as_a_form_sends_it(any_portal: TestPortal) -> None:
    portal = orderly(any_portal)

    assert ids(portal.admin.form(GET, "clear=0&order[ID]=DESC")) == [4, 3, 2, 1]
    assert ids(portal.admin.form(LIST, "order[]=EVENT_NAME&order[]=ID")) == [2, 4, 1, 3]
    refused = portal.admin.form(GET, "order[]=id")
    assert refusal(refused) == wrong("Order field not allowed: id")
