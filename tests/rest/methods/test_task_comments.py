"""`task.commentitem.*`: comments on tasks."""

from __future__ import annotations

import pytest

from tests.support import TestPortal


@pytest.fixture
def task(portal: TestPortal) -> int:
    """A task to write on."""
    fields = {"TITLE": "x", "RESPONSIBLE_ID": 1}
    return int(portal.admin("tasks.task.add", fields=fields).result["task"]["id"])


def test_a_comment_lives_from_add_to_delete(portal: TestPortal, task: int) -> None:
    number = portal.user(
        "task.commentitem.add", TASKID=task, FIELDS={"POST_MESSAGE": "Done"}
    ).result
    named = {"TASKID": task, "ITEMID": number}

    shown = portal.admin("task.commentitem.get", **named).result
    assert (shown["ID"], shown["POST_MESSAGE"]) == (str(number), "Done")
    assert (shown["AUTHOR_ID"], shown["AUTHOR_NAME"]) == ("2", "Ulf User")
    changed = portal.admin("task.commentitem.update", **named, FIELDS={"POST_MESSAGE": "Sorry"})
    assert changed.result is True
    assert portal.admin("task.commentitem.get", **named).result["POST_MESSAGE"] == "Sorry"
    assert portal.admin("task.commentitem.delete", **named).result is True
    assert portal.admin("task.commentitem.get", **named).status == 400


def test_the_newest_comment_comes_first_unless_asked_otherwise(
    portal: TestPortal, task: int
) -> None:
    for text in ("one", "two"):
        portal.admin("task.commentitem.add", TASKID=task, FIELDS={"POST_MESSAGE": text})

    def texts(**parameters: object) -> list[str]:
        answer = portal.admin("task.commentitem.getlist", TASKID=task, **parameters)
        assert "total" not in answer.body
        return [row["POST_MESSAGE"] for row in answer.result]

    assert texts() == ["two", "one"]
    assert texts(ORDER={"ID": "asc"}) == ["one", "two"]
    assert texts(FILTER={">ID": 1}) == ["two"]


def test_comments_need_a_text_and_a_task(portal: TestPortal, task: int) -> None:
    empty = portal.admin("task.commentitem.add", TASKID=task, FIELDS={})
    nowhere = portal.admin("task.commentitem.add", TASKID=77, FIELDS={"POST_MESSAGE": "x"})

    assert empty.error == (400, "ERROR_CORE", "Comment text not specified")
    assert nowhere.status == 400
    assert portal.admin("task.commentitem.getlist", TASKID=77).status == 400
