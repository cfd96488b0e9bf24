"""Telephone numbers, e-mail addresses and the like: values that have ids of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mock_bitrix.php.values import array_items, is_array, to_int, to_text


def merged(name: str, before: Any, given: Any, next_id: Callable[[], int]) -> list[dict[str, Any]]:
    """The values after a change: those with an id are changed or deleted, others are added."""
    items = [item for _, item in array_items(given)] if is_array(given) else [{"VALUE": given}]
    kept = {item["ID"]: item for item in before or []}
    for item in items:
        change = item if isinstance(item, dict) else {"VALUE": item}
        number = to_int(change.get("ID"))
        old = kept.get(number, {})
        value = to_text(change.get("VALUE", old.get("VALUE", "")))
        if not value or to_text(change.get("DELETE")) == "Y":
            kept.pop(number, None)
            continue
        number = number if old else next_id()
        kept[number] = {
            "ID": number,
            "VALUE_TYPE": to_text(change.get("VALUE_TYPE", old.get("VALUE_TYPE", "WORK"))),
            "VALUE": value,
            "TYPE_ID": name,
        }
    return list(kept.values())


def as_texts(items: Any) -> list[dict[str, Any]]:
    """As older methods show them: the ids as texts."""
    return [{**item, "ID": str(item["ID"])} for item in items or []]


def as_items(data: dict[str, Any], names: tuple[str, ...]) -> list[dict[str, Any]]:
    """All values of an entity in one list, as `crm.item.*` shows them."""
    return [
        {
            "id": item["ID"],
            "valueType": item["VALUE_TYPE"],
            "value": item["VALUE"],
            "typeId": item["TYPE_ID"],
        }
        for name in names
        for item in data.get(name) or []
    ]


def first(data: dict[str, Any], name: str, value_type: str | None = None) -> str:
    """The first value of a kind, or of one type of it; empty where there is none."""
    fitting = (i for i in data.get(name) or [] if value_type in (None, i["VALUE_TYPE"]))
    return next((to_text(item["VALUE"]) for item in fitting), "")
