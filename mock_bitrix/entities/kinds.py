"""The table of kinds: adding one is a row here, and its fields in fields.json."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mock_bitrix.entities.fields import NO_FIELDS, Field, Fields, fields_of
from mock_bitrix.rest import documented

LEAD, DEAL, CONTACT, COMPANY, OLD_INVOICE, QUOTE, INVOICE = 1, 2, 3, 4, 5, 7, 31
"""`entityTypeId` of the kinds that every portal has."""

SMALLEST_PROCESS = 128


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of entity, as the portal keeps it.

    `stamps` and `touches`: fields that get the caller or the time at creation, at each change;
    `moves`: those that do so when the `stage` changes. `parent`: field that names what it hangs
    on. `open`: takes fields that nobody described.
    """

    name: str
    fields: Fields = NO_FIELDS
    type_id: int | None = None
    stage: str | None = None
    stamps: tuple[str, ...] = ()
    touches: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    title: str | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)
    code: str | None = None
    open: bool = False

    @property
    def touched(self) -> str | None:
        """The field with the time of the last change, where there is one."""
        return self.touches[0] if self.touches else None

    def takes(self, name: str) -> bool:
        """Whether an entity of this kind keeps a field of that name."""
        return self.open or self.fields.knows(name)

    def known(self, name: str) -> Field | None:
        """The field of that name, where an entity of this kind keeps it."""
        return self.fields[name] if self.takes(name) else None


_CRM_STAMPS = (
    "DATE_CREATE",
    "CREATED_BY_ID",
    "ASSIGNED_BY_ID",
    "LAST_ACTIVITY_TIME",
    "LAST_ACTIVITY_BY",
)
_CRM_TOUCHES = ("DATE_MODIFY", "MODIFY_BY_ID")
_MOVES = ("MOVED_TIME", "MOVED_BY_ID")
_MONEY = {"CURRENCY_ID": "EUR", "OPPORTUNITY": 0.0, "IS_MANUAL_OPPORTUNITY": "N", "OPENED": "Y"}
_ITEM_NAMES = {
    "createdTime": "DATE_CREATE",
    "updatedTime": "DATE_MODIFY",
    "createdBy": "CREATED_BY_ID",
    "updatedBy": "MODIFY_BY_ID",
    "movedBy": "MOVED_BY_ID",
}

_PROCESS = Kind(
    name="crm.item",
    fields=fields_of("crm.item"),
    stage="STAGE_ID",
    stamps=(
        "CREATED_TIME",
        "CREATED_BY",
        "ASSIGNED_BY_ID",
        "MOVED_TIME",
        "MOVED_BY",
        "LAST_ACTIVITY_TIME",
        "LAST_ACTIVITY_BY",
    ),
    touches=("UPDATED_TIME", "UPDATED_BY"),
    moves=("MOVED_TIME", "MOVED_BY"),
    defaults={**_MONEY, "CATEGORY_ID": 1},
)

KINDS = (
    Kind(
        name="crm.lead",
        fields=fields_of("crm.lead"),
        type_id=LEAD,
        stage="STATUS_ID",
        stamps=_CRM_STAMPS + _MOVES,
        touches=_CRM_TOUCHES,
        moves=_MOVES,
        defaults={**_MONEY, "STATUS_ID": "NEW"},
        title="Lead #{id}",
        aliases={**_ITEM_NAMES, "stageId": "STATUS_ID", "stageSemanticId": "STATUS_SEMANTIC_ID"},
    ),
    Kind(
        name="crm.deal",
        fields=fields_of("crm.deal"),
        type_id=DEAL,
        stage="STAGE_ID",
        stamps=_CRM_STAMPS + _MOVES,
        touches=_CRM_TOUCHES,
        moves=_MOVES,
        defaults={**_MONEY, "CATEGORY_ID": 0, "TYPE_ID": "SALE", "TAX_VALUE": 0.0, "CLOSED": "N"},
        title="Deal #{id}",
        aliases=_ITEM_NAMES,
    ),
    Kind(
        name="crm.contact",
        fields=fields_of("crm.contact"),
        type_id=CONTACT,
        stamps=_CRM_STAMPS,
        touches=_CRM_TOUCHES,
        defaults={"OPENED": "Y", "EXPORT": "Y"},
        aliases=_ITEM_NAMES,
    ),
    Kind(
        name="crm.company",
        fields=fields_of("crm.company"),
        type_id=COMPANY,
        stamps=_CRM_STAMPS,
        touches=_CRM_TOUCHES,
        defaults={"OPENED": "Y", "CURRENCY_ID": "EUR", "REVENUE": 0.0, "COMMENTS": ""},
        title="Company #{id}",
        aliases={**_ITEM_NAMES, "typeId": "COMPANY_TYPE"},
    ),
    Kind(
        name="crm.quote",
        fields=fields_of("crm.quote"),
        type_id=QUOTE,
        stage="STATUS_ID",
        stamps=("DATE_CREATE", "CREATED_BY_ID", "ASSIGNED_BY_ID"),
        touches=_CRM_TOUCHES,
        defaults={**_MONEY, "STATUS_ID": "DRAFT"},
        title="Estimate #{id}",
        aliases={**_ITEM_NAMES, "stageId": "STATUS_ID"},
    ),
    replace(
        _PROCESS,
        name="crm.item.31",
        fields=fields_of("crm.item.31"),
        type_id=INVOICE,
        title="Invoice #{id}",
    ),
    Kind(
        name="crm.activity",
        fields=fields_of("crm.activity"),
        stamps=("CREATED", "AUTHOR_ID"),
        touches=("LAST_UPDATED", "EDITOR_ID"),
        defaults={
            "COMPLETED": "N",
            "STATUS": 1,
            "PRIORITY": 2,
            "NOTIFY_TYPE": 0,
            "NOTIFY_VALUE": 0,
            "DESCRIPTION": "",
            "DESCRIPTION_TYPE": 1,
            "DIRECTION": 0,
            "LOCATION": "",
            "ASSOCIATED_ENTITY_ID": 0,
            "RESULT_MARK": 0,
            "RESULT_STATUS": 0,
            "RESULT_STREAM": 0,
            "AUTOCOMPLETE_RULE": 0,
        },
    ),
    Kind(
        name="crm.timeline.comment",
        fields=fields_of("crm.timeline.comment"),
        stamps=("CREATED", "AUTHOR_ID"),
        defaults={"FILES": []},
    ),
    Kind(
        name="crm.type",
        fields=fields_of("crm.type"),
        stamps=("CREATED_TIME", "CREATED_BY"),
        touches=("UPDATED_TIME", "UPDATED_BY"),
        defaults={"CODE": "", "CUSTOM_SECTIONS": [], "RELATIONS": [], "LINKED_USER_FIELDS": []},
    ),
    Kind(
        name="tasks.task",
        fields=fields_of("tasks.task"),
        stage="STATUS",
        stamps=(
            "CREATED_DATE",
            "CREATED_BY",
            "RESPONSIBLE_ID",
            "STATUS_CHANGED_DATE",
            "ACTIVITY_DATE",
        ),
        touches=("CHANGED_DATE", "CHANGED_BY"),
        moves=("STATUS_CHANGED_DATE", "STATUS_CHANGED_BY"),
        defaults={
            "DESCRIPTION": "",
            "PRIORITY": "1",
            "STATUS": "2",
            "MULTITASK": "N",
            "NOT_VIEWED": "N",
            "REPLICATE": "N",
            "STAGE_ID": 0,
            "GROUP_ID": 0,
            "TIME_ESTIMATE": 0,
            "ALLOW_CHANGE_DEADLINE": "N",
            "ALLOW_TIME_TRACKING": "N",
            "TASK_CONTROL": "N",
            "ADD_IN_REPORT": "N",
            "MATCH_WORK_TIME": "N",
            "SITE_ID": "s1",
            "SUBORDINATE": "N",
            "OUTLOOK_VERSION": 1,
            "IS_MUTED": "N",
            "IS_PINNED": "N",
            "IS_PINNED_IN_GROUP": "N",
            "DESCRIPTION_IN_BBCODE": "Y",
            "DURATION_TYPE": "days",
            "FAVORITE": "N",
        },
    ),
    Kind(
        name="task.commentitem",
        fields=fields_of("task.commentitem"),
        stamps=("POST_DATE", "AUTHOR_ID"),
        defaults={"AUTHOR_EMAIL": ""},
    ),
    Kind(name="department", fields=fields_of("department"), defaults={"SORT": 500}),
    Kind(
        name="catalog.product",
        fields=fields_of("catalog.product"),
        stamps=("DATE_CREATE", "CREATED_BY"),
        touches=("TIMESTAMP_X", "MODIFIED_BY"),
        defaults={
            "ACTIVE": "Y",
            "AVAILABLE": "Y",
            "BUNDLE": "N",
            "CAN_BUY_ZERO": "Y",
            "DETAIL_TEXT_TYPE": "text",
            "PREVIEW_TEXT_TYPE": "text",
            "QUANTITY_TRACE": "D",
            "SORT": 100,
            "SUBSCRIBE": "Y",
            "TYPE": 1,
            "VAT_INCLUDED": "N",
        },
    ),
    Kind(name="placement", open=True),
    Kind(name="im.message", open=True),
    Kind(name="crm.currency", open=True, code="CURRENCY"),
)

USER_FIELDS = {
    f"crm.{owner}.userfield": f"CRM_{owner.upper()}"
    for owner in ("lead", "deal", "contact", "company", "quote", "requisite", "invoice")
}
"""The kinds of user fields, each with its ENTITY_ID."""

ALIASES = {
    "crm.activity.todo": "crm.activity",
    "crm.activity.configurable": "crm.activity",
    "catalog.product.offer": "catalog.product",
    "catalog.product.service": "catalog.product",
    "catalog.product.sku": "catalog.product",
    "task.item": "tasks.task",
    "calendar.resource": "calendar.section",
}
"""Prefixes of methods that work on another one's entities."""


def process(type_id: int) -> Kind:
    """The kind of a smart process's items."""
    return replace(_PROCESS, name=f"crm.item.{type_id}", type_id=type_id)


def titled(kind: Kind, title: str) -> Kind:
    """The same kind, whose entities are called by this title and their number."""
    safe = title.replace("{", "{{").replace("}", "}}")
    return replace(kind, title=f"{safe} #{{id}}")


@functools.cache
def _by_name() -> dict[str, Kind]:
    named = {kind.name: kind for kind in KINDS}
    user_fields = fields_of("userfield")
    made = {
        name: Kind(
            name,
            user_fields,
            defaults={
                "ENTITY_ID": entity,
                "XML_ID": None,
                "SORT": 100,
                "MULTIPLE": "N",
                "MANDATORY": "N",
                "SHOW_FILTER": "N",
                "SHOW_IN_LIST": "Y",
                "EDIT_IN_LIST": "Y",
                "IS_SEARCHABLE": "N",
            },
            open=True,
        )
        for name, entity in USER_FIELDS.items()
    }
    return named | made


def find(name: str) -> Kind | None:
    """The kind of that name: of the table, a smart process's, or of a documented prefix."""
    name = ALIASES.get(name, name)
    found = _by_name().get(name)
    if found is not None:
        return found
    head, _, number = name.rpartition(".")
    if head == "crm.item" and number.isdecimal():
        return process(int(number)) if int(number) >= SMALLEST_PROCESS else None
    return Kind(name, open=True) if name in _prefixes() else None


def known(name: str) -> Kind:
    """The kind of a name that is in the table."""
    found = find(name)
    assert found is not None, name
    return found


def nearest(name: str) -> str | None:
    """The kind whose name looks most like this one, for an error message."""
    known = [*_by_name(), *_prefixes()]
    found = difflib.get_close_matches(name, known, n=1)
    return found[0] if found else None


def of_type(type_id: int) -> Kind | None:
    """The kind of an `entityTypeId` that every portal has."""
    return next((kind for kind in KINDS if kind.type_id == type_id), None)


@functools.cache
def _prefixes() -> frozenset[str]:
    return frozenset(name.lower().rpartition(".")[0] for name in documented.names())
