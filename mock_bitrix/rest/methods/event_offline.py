"""`event.offline.*`: the queue, as an application sees it (protocol D and E)."""

from __future__ import annotations

from datetime import tzinfo
from functools import cached_property, lru_cache
from operator import attrgetter

from pydantic import Field

from mock_bitrix.journal.entries import TAKEN
from mock_bitrix.php.dates import iso
from mock_bitrix.php.json import Encoded, fragment, text
from mock_bitrix.php.values import array_items, to_int, to_text, trim
from mock_bitrix.queue.rows import ListedRow, QueueRow
from mock_bitrix.queue.selection import BY_ID, BY_TIMESTAMP, Selection
from mock_bitrix.rest import errors
from mock_bitrix.rest.call import Call, Listed
from mock_bitrix.rest.caller import applications, offline_access
from mock_bitrix.rest.registry import Parameters, method
from mock_bitrix.rest.types import (
    ExactlyOne,
    Filter,
    Limit,
    ListFilter,
    ListOrder,
    Order,
    PhpFlag,
    TrimmedText,
)

PAGE = 50
MESSAGE_ID_LENGTH = 32
MOST_COUNTED = 100
"""Rows left after a take that the journal counts: beyond, it only knows that there are more."""

_taken = attrgetter(*TAKEN)
_name = lru_cache(text)


FILTER = "conditions such as `>=ID`, on ID, TIMESTAMP_X, EVENT_NAME, MESSAGE_ID"
ORDER = "fields with ASC or DESC: ID, TIMESTAMP_X, EVENT_NAME, MESSAGE_ID"


class Clearing(Parameters):
    """Whether records leave the queue at once; the plan may forbid to keep them."""

    clear: PhpFlag = Field(
        True, description="0: the records stay, reserved; any other number: they leave the queue"
    )


class Take(Clearing):
    """Which records to take (protocol D.1)."""

    limit: Limit = Field(50, description="the most records to take", examples=[10])
    filter: Filter = Field((), description=FILTER)
    order: Order = Field(BY_TIMESTAMP, description=ORDER)
    process_id: TrimmedText | None = Field(
        None,
        description="read again what this process has reserved; without `clear` 0 the whole batch"
        " is gone then",
    )
    error: ExactlyOne = Field(False, description="1: failed records instead of good ones")

    @cached_property
    def selection(self) -> Selection:
        """The rows that are meant."""
        return Selection(self.filter, self.order, self.limit, self.error)


class Rows(Parameters):
    """Which records to show (protocol E.1)."""

    filter: ListFilter = Field((), description=f"{FILTER}, PROCESS_ID, ERROR")
    order: ListOrder = Field(BY_ID, description=f"{ORDER}, PROCESS_ID, ERROR")


class Confirm(Parameters):
    """Which records of a batch are done with (protocol E.2)."""

    process_id: TrimmedText | None = Field(None, description="the batch; required")
    message_id: object = Field(None, description="a list of MESSAGE_ID; wins over `id`")
    id: object = Field(None, description="a list of ID; without any list the whole batch")


class Fail(Parameters):
    """Which records of a batch have failed (protocol E.3)."""

    process_id: TrimmedText | None = Field(None, description="the batch; required")
    message_id: object = Field(
        None,
        description="a list of MESSAGE_ID; required. Under a foreign `process_id` these records"
        " are deleted",
    )


def keeping_is_in_the_plan(call: Call) -> None:
    """Reserving is a matter of the plan, and checked before the arguments (protocol D.0 row 4)."""
    if call.portal.features.get("rest_offline_extended", True):
        return
    if not Clearing.read(call.parameters).clear:
        raise errors.WrongLicense(feature="extended offline events handling")


@method("event.offline.get", Take, allowed=[applications, offline_access, keeping_is_in_the_plan])
def take(call: Call, wanted: Take) -> Encoded:
    """Take records out of the caller's queue, or read again what a process has reserved."""
    queue, keep = call.queue(), not wanted.clear
    if wanted.process_id is None:
        batch = queue.take(wanted.selection, keep=keep)
    else:
        batch = queue.reread(wanted.process_id, wanted.selection, keep=keep)
    call.entry.gave(list(map(_taken, batch.rows)))
    call.entry.process_id = batch.process_id
    if wanted.process_id is None:
        known = batch.left is not None
        call.entry.left = batch.left if known else queue.free(error=wanted.error, most=MOST_COUNTED)
    zone = call.portal.zone
    events = ",".join([f"{{{_members(row, zone)}}}" for row in batch.rows])
    process_id = "null" if batch.process_id is None else text(batch.process_id)
    return fragment(f'{{"process_id":{process_id},"events":[{events}]}}')


@method("event.offline.list", Rows, allowed=[applications, offline_access])
def rows(call: Call, wanted: Rows) -> Listed:
    """Show the caller's queue, a page of 50 records at a time, without changing it."""
    offset = max(call.start, 0)
    page = call.queue().rows(wanted.filter, wanted.order, offset=offset, limit=PAGE)
    shown = [_listed(row, call.portal.zone) for row in page.rows]
    after = offset + len(shown)
    return Listed(shown, page.total, after if shown and after < page.total else None)


@method("event.offline.clear", Confirm, allowed=[applications, offline_access])
def clear(call: Call, wanted: Confirm) -> bool:
    """Delete records of a batch that were dealt with; without a list, the whole batch."""
    if wanted.process_id is None:
        raise errors.ArgumentEmpty("PROCESS_ID")
    message_ids = _message_ids(wanted.message_id)
    if message_ids is not None:  # message_id wins, also when it is empty
        call.queue().clear(wanted.process_id, message_ids=message_ids)
    else:
        call.queue().clear(wanted.process_id, ids=_ids(wanted.id))
    return True


@method("event.offline.error", Fail, allowed=[applications, offline_access])
def error(call: Call, wanted: Fail) -> bool:
    """Mark records of a batch as failed: they return to the queue, for takes with `error` 1."""
    if wanted.process_id is None:
        raise errors.ArgumentEmpty("PROCESS_ID")
    if not isinstance(wanted.message_id, list | dict):
        raise errors.NotMessageIds
    listed = [to_text(value) for _, value in array_items(wanted.message_id)]
    marked = call.queue().mark_error(wanted.process_id, listed)
    if marked.lost:
        call.entry.notes = (_LOST.format(marked.lost),)
    return True


_LOST = (
    "{} good records were deleted, and none in their place was marked: the process id holds no "
    "good record of the same message; changes may be lost"
)


def _message_ids(value: object) -> list[str] | None:
    if value is None:
        return None
    if not isinstance(value, list | dict):
        raise errors.NotMessageIds
    listed = [trim(to_text(item)) for _, item in array_items(value)]
    if any(len(item) != MESSAGE_ID_LENGTH for item in listed):
        raise errors.NotMessageId
    return listed


def _ids(value: object) -> list[int]:
    if value is None:
        return []
    if not isinstance(value, list | dict):
        raise errors.NotIds
    listed = [to_int(item) for _, item in array_items(value)]
    if any(number <= 0 for number in listed):
        raise errors.NotIds
    return listed


def _listed(listed: ListedRow, zone: tzinfo) -> Encoded:
    members, process_id = _members(listed.row, zone), text(listed.process_id)
    return fragment(f'{{{members},"PROCESS_ID":{process_id},"ERROR":"{listed.error}"}}')


def _members(row: QueueRow, zone: tzinfo) -> str:
    """What every answer tells of a row (protocol D.4), as JSON: most of it is JSON already."""
    _, number, timestamp, event, data, additional, message_id = row
    return (
        f'"ID":"{number}","TIMESTAMP_X":"{iso(timestamp, zone)}",'
        f'"EVENT_NAME":{_name(event)},"EVENT_DATA":{data},'
        f'"EVENT_ADDITIONAL":{additional},"MESSAGE_ID":{text(message_id)}'
    )
