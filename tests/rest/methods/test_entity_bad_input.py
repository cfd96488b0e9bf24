"""Whatever a caller sends to a method of entities is answered or refused: nothing fails."""

from __future__ import annotations

import pytest

from mock_bitrix.portal.scopes import DEFAULT_SCOPES
from mock_bitrix.rest import generic, methods, registry
from tests.support import Json, TestPortal, install_portal

assert methods.__all__  # they are registered when they are imported
ROOMS = ("access", "catalog", "crm", "department", "im", "placement", "task", "tasks", "user")
NAMED = [each.name for each in registry.every() if each.name.split(".")[0] in ROOMS]
SOME_GENERIC = [each.name for each in generic.every()][::40]
ODD: list[dict[str, Json]] = [
    {"id": [1], "fields": [1, 2], "taskId": [1], "select": 5},
    {"id": {"a": 1}, "fields": {"TITLE": {"a": [1]}}, "entityTypeId": [1]},
    {"id": 1, "fields": {"TITLE": "\0", "OPPORTUNITY": "1e999", "PHONE": 5, "DEADLINE": "x" * 500}},
    {"filter": {">ID": [1], "=TITLE": {"a": 1}, "><ID": 5, "@ID": {}, "%PHONE": [1], "!": 1}},
    {"order": [1, 2], "select": {"a": {}}, "filter": [{"logic": ["x"]}]},
    {"id": 2**70, "ITEMID": -1, "filter": "", "order": "", "fields": ""},
    {"ACCESS": [[1]], "DIALOG_ID": [1], "MESSAGE": [1], "NAME": [1], "EMAIL": [1], "SORT": [1],
     "PLACEMENT": [1], "HANDLER": [1], "FIND": [1], "ORDER": [1], "ID": 1},
]  # fmt: skip


@pytest.fixture(scope="module")
def full(server: Json, http: Json) -> TestPortal:
    """A portal with an entity of several kinds, whose caller may use everything."""
    scope = list(DEFAULT_SCOPES)
    document = {
        "apps": [{"scope": scope, "tokens": [{"user": 1}]}],
        "entities": {
            "crm.lead": [{"ID": 1, "PHONE": [{"VALUE": "5"}]}],
            "tasks.task": [{"ID": 1, "TITLE": "x"}],
            "crm.type": [{"ID": 1, "TITLE": "x", "ENTITY_TYPE_ID": 1030}],
        },
    }
    return install_portal(server, http, document)


@pytest.mark.parametrize("method", [*NAMED, *SOME_GENERIC])
def test_odd_parameters_are_answered_or_refused(full: TestPortal, method: str) -> None:
    for parameters in ODD:
        answer = full.admin(method, **{"entityTypeId": 1, "TASKID": 1, **parameters})

        assert answer.status < 500, parameters
