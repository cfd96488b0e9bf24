"""The documented requests get answers of the documented shape."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from mock_bitrix.entities.names import upper
from mock_bitrix.portal.scopes import DEFAULT_SCOPES
from tests.documented.examples import Example, entity_examples
from tests.documented.shapes import assert_same_shape
from tests.support import Json, TestPortal, install_portal

NEWER = "rest-v3"
"""Pages about a later version of the protocol, under other addresses."""

ELSEWHERE = {
    "user.current": "its answer is tested with the small methods",
    "user.userfield.add": "generic",
    "user.userfield.delete": "generic",
    "user.userfield.list": "generic",
    "user.userfield.update": "generic",
    "tasks.task.field.get": "of a later version",
    "tasks.task.field.list": "of a later version",
    "tasks.task.list": "counters, tags and parsed texts are not kept",
    "crm.company.fields": "the sample has user fields and a smart process of one portal",
    "crm.item.fields": "the sample has a smart process's parents",
}
UNKNOWN = {
    "crm.item.get": {"webformId", "searchContent", "companyId", "contactId", "dateClosed"},
    "crm.item.add": {"productId"},
    "crm.item.update": {
        "webformId", "searchContent", "sourceId", "sourceDescription", "comments",
    },
    "tasks.task.add": {"deadline", "action", "ufCrmTask", "ufTaskWebdavFiles"},
    "tasks.task.update": {
        "parentId", "sprintId", "backlogId", "closedBy", "commentsCount", "serviceCommentsCount",
        "forumTopicId", "forumId", "viewedDate", "durationPlan", "checkListTree", "ufCrmTask",
        "ufTaskWebdavFiles",
    },
    "tasks.task.getFields": {"UF_NEW_TASKS_FIELD"},
}  # fmt: skip
"""Fields of samples whose values depend on what the portal has done with them before."""

EXAMPLES = [
    example
    for example in entity_examples()
    if example.tied
    and example.status == 200
    and NEWER not in example.page
    and example.method not in ELSEWHERE
    and example.method != "voximplant.user.get"
]


@pytest.fixture(scope="module")
def portal(server: Json, http: Json) -> TestPortal:
    """A portal that holds what the requests name."""
    scope = list(DEFAULT_SCOPES)
    people = (3, 6, 29, 123, 456, 503, 547, 13, 103)
    document = {
        "users": [
            {"id": 1, "name": "Anna", "last_name": "Admin", "admin": True, "TIME_ZONE": "",
             "UF_DEPARTMENT": [1], "SECOND_NAME": "", "PERSONAL_WWW": "", "PERSONAL_MOBILE": "",
             "PERSONAL_CITY": "", "WORK_PHONE": ""},
            *({"id": n, "name": "N", "last_name": "L", "UF_DEPARTMENT": [1]} for n in people),
        ],
        "webhooks": [{"user": 1, "scope": scope}],
        "apps": [{"scope": scope, "tokens": [{"user": 1}, {"user": 3}]}],
        "entities": entities(),
    }  # fmt: skip
    return install_portal(server, http, document)


def entities() -> dict[str, list[dict[str, Json]]]:
    """The samples of `get` and `list`, and whatever else the requests name."""
    found: dict[str, dict[int, dict[str, Json]]] = {}
    for kind in ("lead", "contact", "company", "deal"):
        sample = answered(f"crm.{kind}.get")
        named = found.setdefault(f"crm.{kind}", {})
        for example in EXAMPLES:
            number = (example.body or {}).get("id") or (example.body or {}).get("ID")
            if example.method.startswith(f"crm.{kind}.") and number:
                named[int(number)] = {**sample, "ID": int(number)}
    found["crm.deal"][351] = {"ID": 351, "CATEGORY_ID": 9, "COMPANY_ID": 0, "CONTACT_ID": 0}
    types = [1220, 1222, 1226, 1228, 1236, 1238, 1240, 1244, 1246, 1254, 1256, 1268]
    found["crm.type"] = {n: {"ID": n, "ENTITY_TYPE_ID": n, "TITLE": "P"} for n in types[1:]}
    found["crm.item.1268"] = {1: {"ID": 1}}
    task = {upper(name): value for name, value in answered("tasks.task.get")["task"].items()}
    found["tasks.task"] = {n: {**task, "ID": n} for n in (8017, 8131)}
    found["tasks.task"][11] = {"ID": 11, "AUDITORS": [547], "TITLE": "Task", "GUID": "{1}",
                               "DEADLINE": "2025-12-31T23:59:00+02:00",
                               "STATUS_CHANGED_BY": 503, "CHANGED_BY": 1,
                               "START_DATE_PLAN": "2024-11-02T11:06:00+02:00",
                               "END_DATE_PLAN": "2024-11-02T11:06:00+02:00"}  # fmt: skip
    return {kind: list(named.values()) for kind, named in found.items()}


def answered(method: str) -> Json:
    """A documented result."""
    for example in entity_examples():
        if example.method == method and example.tied and NEWER not in example.page:
            return copy.deepcopy(example.response["result"])
    raise LookupError(method)


def request(example: Example) -> dict[str, Any]:
    """A documented request; what doesn't concern the answer's shape is made to match."""
    body = dict(example.body or {})
    if example.method.endswith(".list") or example.method in ("user.get", "user.search"):
        for name in ("start", "filter", "FILTER", "UF_DEPARTMENT"):
            body.pop(name, None)
    return body


def listed(server: Json, http: Json, example: Example) -> TestPortal:
    """A portal that holds what a documented list shows, and nothing else."""
    rows = answered(example.method)
    kind = "crm.lead" if example.method == "crm.item.list" else example.method[: -len(".list")]
    rows = rows["items"] if isinstance(rows, dict) else rows
    scope = list(DEFAULT_SCOPES)
    document = {"webhooks": [{"user": 1, "scope": scope}], "entities": {kind: rows}}
    return install_portal(server, http, document)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.method}")
def test_the_answer_has_the_documented_shape(
    server: Json, http: Json, portal: TestPortal, example: Example
) -> None:
    body = request(example)
    if example.method.startswith("crm.") and example.method.endswith(".list"):
        portal = listed(server, http, example)
    if example.method == "crm.item.get":
        body["id"] = added_lead(portal)

    answer = portal.webhook(example.method, **body)

    documented = copy.deepcopy(example.response)
    documented.pop("next", None)
    body = {name: value for name, value in answer.body.items() if name != "next"}
    for whole in (documented["result"], body["result"]):
        leave_out(whole, example.method)
    assert_same_shape(documented, body)


def leave_out(result: Json, method: str) -> None:
    """Take out of a result what its portal's history decides, and its links to processes."""
    if isinstance(result, dict) and method in UNKNOWN:
        fields = next(iter(result.values()))
        parents = [name for name in fields if name.startswith("parentId1")]
        for name in (*UNKNOWN[method], *parents):
            fields.pop(name, None)


def added_lead(portal: TestPortal) -> int:
    """The documented lead of `crm.item.get`, added by `crm.item.add`."""
    sample = answered("crm.item.get")["item"]
    fields = {name: value for name, value in sample.items() if value not in (None, [])}
    contacts = {
        item["typeId"]: [{"VALUE": item["value"], "VALUE_TYPE": item["valueType"]}]
        for item in fields.pop("fm")
    }
    added = portal.webhook("crm.item.add", entityTypeId=1, fields={**fields, **contacts})
    return int(added.result["item"]["id"])


def test_a_confirmation_is_waited_for(portal: TestPortal) -> None:
    (example,) = [e for e in entity_examples() if e.method.startswith("vox") and e.status == 401]

    answer = portal.admin.send("GET", f"voximplant.user.get?USER_ID=1&auth={portal.admin.token}")

    assert answer.status == example.status
    assert answer.body == example.response


def test_what_is_not_compared_is_named() -> None:
    compared = {example.method for example in EXAMPLES}
    documented = {e.method for e in entity_examples() if e.tied and NEWER not in e.page}

    assert documented - compared - set(ELSEWHERE) == {"voximplant.user.get"}
