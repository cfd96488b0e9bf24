"""Fields that follow from others: stages and their meaning, links that are kept twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mock_bitrix.entities.kinds import DEAL, INVOICE, SMALLEST_PROCESS, Kind
from mock_bitrix.entities.values import Frame, stored

WON = frozenset({"WON", "CONVERTED", "APPROVED", "SUCCESS"})
LOST = frozenset({"LOSE", "JUNK", "APOLOGY", "DECLAINED", "FAIL"})
DEAL_DAYS = 7
"""Days after which a new deal is planned to close."""


def derived(
    kind: Kind, data: dict[str, Any], before: Mapping[str, Any], frame: Frame
) -> dict[str, Any]:
    """The data with everything that follows from it. `before`: empty for a new entity."""
    if kind.stage and kind.type_id is not None:
        data = _staged(kind, data, before)
    data = _linked(kind, data, before)
    for flag, name in (("HAS_PHONE", "PHONE"), ("HAS_EMAIL", "EMAIL"), ("HAS_IMOL", "")):
        if flag in kind.fields.by_name:
            data[flag] = "Y" if data.get(name) else "N"
    if kind.type_id == DEAL and not before:
        data = _dates(kind, frame) | {k: v for k, v in data.items() if v is not None}
    return data


def first_stage(kind: Kind, category: int) -> str:
    """The stage in which an entity of a funnel begins."""
    if kind.type_id == DEAL:
        return f"C{category}:NEW" if category else "NEW"
    if kind.type_id == INVOICE or (kind.type_id or 0) >= SMALLEST_PROCESS:
        return f"DT{kind.type_id}_{category}:NEW"
    return str(kind.defaults.get(kind.stage or "", "NEW"))


def meaning(stage: str) -> str:
    """S: success, F: failure, P: in progress."""
    code = stage.rpartition(":")[2]
    return "S" if code in WON else "F" if code in LOST else "P"


def _staged(kind: Kind, data: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    assert kind.stage is not None
    category = data.get("CATEGORY_ID") or 0
    moved = bool(before) and category != (before.get("CATEGORY_ID") or 0)
    stage = data.get(kind.stage)
    if not stage or (moved and stage == before.get(kind.stage)):
        stage = first_stage(kind, category)
    result = {**data, kind.stage: stage}
    for name in ("STATUS_SEMANTIC_ID", "STAGE_SEMANTIC_ID"):
        if name in kind.fields.by_name:
            result[name] = meaning(stage)
    if kind.type_id == DEAL:
        result["CLOSED"] = "N" if meaning(stage) == "P" else "Y"
    return result


def _linked(kind: Kind, data: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    for one, many in (("CONTACT_ID", "CONTACT_IDS"), ("COMPANY_ID", "COMPANY_IDS")):
        if many not in kind.fields.by_name or kind.fields[one].multiple:
            continue
        if data.get(many) != before.get(many):
            data = {**data, one: next(iter(data[many] or []), None)}
        elif data.get(one) != before.get(one):
            data = {**data, many: [data[one]] if data[one] else []}
    return data


def _dates(kind: Kind, frame: Frame) -> dict[str, Any]:
    texts = {"BEGINDATE": "today", "CLOSEDATE": f"today +{DEAL_DAYS} days"}
    return {name: stored(kind.fields[name], text, frame) for name, text in texts.items()}
