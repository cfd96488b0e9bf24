"""`tasks.task.*`: tasks, and what becomes of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import TestPortal

NO_ID = "CTaskItem All parameters in the constructor must have real class type (internal error)"
TASK = {"TITLE": "Call back", "RESPONSIBLE_ID": 2}


def test_a_task_lives_from_add_to_delete(portal: TestPortal) -> None:
    task = portal.admin("tasks.task.add", fields=TASK).result["task"]

    assert (task["id"], task["title"], task["status"], task["createdBy"]) == (
        "1",
        "Call back",
        "2",
        "1",
    )
    assert task["responsible"]["name"] == "Ulf User"
    changed = portal.admin("tasks.task.update", taskId=1, fields={"title": "Call now"}).result
    assert changed["task"]["title"] == "Call now"
    shown = portal.admin("tasks.task.get", taskId="1", select=["ID", "TITLE"]).result["task"]
    assert (shown["id"], shown["title"]) == ("1", "Call now")
    assert "priority" not in shown
    assert portal.admin("tasks.task.delete", taskId=1).result == {"task": True}
    assert portal.admin("tasks.task.get", taskId=1).result == []


@pytest.mark.parametrize(
    ("method", "parameters", "refusal"),
    [
        ("add", {}, ("100", "Could not find value for parameter {fields} (internal error)")),
        ("add", {"fields": {"RESPONSIBLE_ID": 1}}, ("ERROR_CORE", "Task title not specified")),
        ("add", {"fields": {"TITLE": "x"}}, ("ERROR_CORE", "Responsible person not specified")),
        (
            "add",
            {"fields": {"TITLE": "x", "RESPONSIBLE_ID": 77}},
            ("ERROR_CORE", 'User specified in the "Responsible" field not found'),
        ),
        (
            "get",
            {},
            (
                "100",
                NO_ID,
            ),
        ),
        ("get", {"taskId": "x"}, ("0", "wrong task id")),
        (
            "update",
            {"taskId": 7, "fields": {}},
            ("0", "Action on the task is not allowed (internal error)"),
        ),
        ("delete", {"taskId": 7}, ("1048582", "No access to delete the task")),
        ("list", {"order": {"NO_SUCH": "asc"}}, ("0", "Invalid sorting key (internal error)")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused(
    portal: TestPortal, method: str, parameters: dict[str, Any], refusal: tuple[str, str]
) -> None:
    assert portal.admin(f"tasks.task.{method}", **parameters).error == (400, *refusal)


def test_a_list_is_filtered_sorted_and_counted(portal: TestPortal) -> None:
    for title, status in (("a", 2), ("b", 6), ("c", 2)):
        portal.admin("tasks.task.add", fields={**TASK, "TITLE": title, "STATUS": status})

    page = portal.admin(
        "tasks.task.list",
        filter={"!STATUS": 6, "::SUBFILTER-PARAMS": {"FAVORITE": "Y"}},
        order={"TITLE": "desc"},
        select=["TITLE"],
    ).body

    assert page["total"] == 2
    assert [task["title"] for task in page["result"]["tasks"]] == ["c", "a"]
    assert [task["id"] for task in page["result"]["tasks"]] == ["3", "1"]


@pytest.mark.parametrize(
    ("action", "status"),
    [("start", "3"), ("complete", "5"), ("defer", "6"), ("renew", "2"), ("pause", "2")],
)
def test_an_action_changes_the_status_and_tells(
    portal: TestPortal, action: str, status: str
) -> None:
    portal.admin("tasks.task.add", fields=TASK)
    portal.admin("event.bind", event="ONTASKUPDATE", event_type="offline", auth_connector="x")

    assert portal.admin(f"tasks.task.{action}", taskId=1).result["task"]["status"] == status

    (row,) = portal.queue(auth_connector="x")
    assert row["EVENT_DATA"]["FIELDS_AFTER"] == {"ID": 1}


def test_a_task_is_delegated_and_watched(portal: TestPortal) -> None:
    portal.admin("tasks.task.add", fields=TASK)

    delegated = portal.admin("tasks.task.delegate", taskId=1, userId=1).result["task"]
    watched = portal.user("tasks.task.startwatch", taskId=1).result["task"]
    unwatched = portal.user("tasks.task.stopwatch", taskId=1).result["task"]

    assert delegated["responsibleId"] == "1"
    assert watched["auditors"] == ["2"]
    assert list(watched["auditorsData"]) == ["2"]
    assert unwatched["auditors"] == []
