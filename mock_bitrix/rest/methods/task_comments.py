"""`task.commentitem.*`: comments on tasks, as the older task card has them."""

from __future__ import annotations

from typing import Any

from mock_bitrix.entities import showing
from mock_bitrix.entities.conditions import Group, parse
from mock_bitrix.entities.fields import Field
from mock_bitrix.entities.kinds import known
from mock_bitrix.entities.room import sort_key
from mock_bitrix.entities.store import Entity
from mock_bitrix.php.values import to_int
from mock_bitrix.rest.call import Call
from mock_bitrix.rest.errors import entities as errors
from mock_bitrix.rest.methods.tasks import KIND as TASK
from mock_bitrix.rest.registry import Parameters, method
from mock_bitrix.rest.work import Work, equal, fields_in, order_in, text_of

KIND = known("task.commentitem")


class OnTask(Parameters):
    """On which task."""

    taskid: object = None


class New(OnTask):
    """What to write."""

    fields: object = None


class One(OnTask):
    """Which comment."""

    itemid: object = None


class Change(One):
    """What to change."""

    fields: object = None


class Wanted(OnTask):
    """Which comments to list."""

    order: object = None
    filter: object = None


@method("task.commentitem.add", New, scopes=["task"])
def add(call: Call, wanted: New) -> int:
    """Write a comment on a task; give its id."""
    given = fields_in(wanted.fields)
    if not text_of(given.get("POST_MESSAGE")):
        raise errors.CommentEmpty
    work = Work(call)
    with work.change() as room:
        if room.get(TASK, to_int(wanted.taskid)) is None:
            raise errors.CommentsFailed
        entity = room.add(KIND, {**given, "TASK_ID": to_int(wanted.taskid)})
        work.tell(call.method, entity.data)
    return entity.id


@method("task.commentitem.update", Change, scopes=["task"])
def update(call: Call, wanted: Change) -> bool:
    """Change a comment."""
    work = Work(call)
    with work.change() as room:
        given = fields_in(wanted.fields)
        entity = room.update(KIND, _find(work, wanted), given)
        work.tell(call.method, entity.data)
    return True


@method("task.commentitem.get", One, scopes=["task"])
def get(call: Call, wanted: One) -> dict[str, Any]:
    """A comment, by the ids of its task and itself."""
    work = Work(call)
    return _shown(work, _find(work, wanted))


@method("task.commentitem.getlist", Wanted, scopes=["task"])
def lists(call: Call, wanted: Wanted) -> list[dict[str, Any]]:
    """The comments on a task, all at once; the newest first."""
    work = Work(call)
    if work.room.get(TASK, to_int(wanted.taskid)) is None:
        raise errors.CommentsFailed
    condition = parse(wanted.filter, _known)
    mine = Group((condition, equal(KIND, {"TASK_ID": to_int(wanted.taskid)})))
    found = list(work.room.matching(KIND, mine))
    found.reverse()
    for field, falling in reversed(order_in(wanted.order, _known)):
        found.sort(key=lambda entity: sort_key(entity.data.get(field.name)), reverse=falling)
    return [_shown(work, entity) for entity in found]


@method("task.commentitem.delete", One, scopes=["task"])
def delete(call: Call, wanted: One) -> bool:
    """Delete a comment."""
    work = Work(call)
    with work.change() as room:
        entity = _find(work, wanted)
        room.delete(KIND, entity.id)
        work.tell(call.method, entity.data)
    return True


def _known(name: str) -> Field | None:
    return KIND.known(name)


def _find(work: Work, wanted: One) -> Entity:
    entity = work.room.get(KIND, to_int(wanted.itemid))
    if entity is None or entity.data.get("TASK_ID") != to_int(wanted.taskid):
        raise errors.CommentNotFound
    return entity


def _shown(work: Work, entity: Entity) -> dict[str, Any]:
    user = work.call.emulator.directory.user(work.call.portal, to_int(entity.data.get("AUTHOR_ID")))
    name = f"{user.name} {user.last_name}".strip() if user else ""
    email = text_of(user.extra.get("EMAIL", "")) if user else ""
    shown = showing.whole(KIND, entity, work.zone, ())
    return shown | {"AUTHOR_NAME": name, "AUTHOR_EMAIL": email}
