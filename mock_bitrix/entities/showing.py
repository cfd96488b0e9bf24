"""Entities as each family of methods shows them: names, order, types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import Any

from mock_bitrix.entities import contacts
from mock_bitrix.entities.fields import Field, is_own
from mock_bitrix.entities.kinds import Kind
from mock_bitrix.entities.names import camel, upper
from mock_bitrix.entities.store import Entity
from mock_bitrix.entities.values import as_numbers, as_task, as_texts

Shown = dict[str, Any]

_ENDING = ("UTM_SOURCE", "UTM_MEDIUM", "UTM_CAMPAIGN", "UTM_CONTENT", "UTM_TERM")
_LINKS = ("OBSERVERS", "CONTACT_IDS", "CONTACTS")
_COMPUTED: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "phone": lambda data: contacts.first(dict(data), "PHONE"),
    "phoneMobile": lambda data: contacts.first(dict(data), "PHONE", "MOBILE"),
    "phoneWork": lambda data: contacts.first(dict(data), "PHONE", "WORK"),
    "phoneMailing": lambda data: contacts.first(dict(data), "PHONE", "MAILING"),
    "email": lambda data: contacts.first(dict(data), "EMAIL"),
    "emailHome": lambda data: contacts.first(dict(data), "EMAIL", "HOME"),
    "emailWork": lambda data: contacts.first(dict(data), "EMAIL", "WORK"),
    "emailMailing": lambda data: contacts.first(dict(data), "EMAIL", "MAILING"),
    "imol": lambda data: contacts.first(dict(data), "IM", "OPENLINE"),
}


def contact_fields(kind: Kind) -> tuple[str, ...]:
    """The kind's fields that hold telephone numbers, addresses and the like."""
    return tuple(n for n, field in kind.fields.by_name.items() if field.group == "contacts")


def standard(kind: Kind, data: Mapping[str, Any]) -> Iterator[str]:
    """The names that `*` stands for: the kind's own, links to parents among them."""
    parents = [name for name in data if name.startswith("PARENT_ID_")]
    for name in kind.fields.shown:
        yield name
        if name == "UTM_TERM":
            yield from parents
            parents = []
    yield from parents


def own(data: Mapping[str, Any], declared: Iterable[str]) -> list[str]:
    """The names that `UF_*` stands for: declared fields, and what an entity has besides."""
    return list(dict.fromkeys([*declared, *(name for name in data if is_own(name))]))


def whole(kind: Kind, entity: Entity, zone: tzinfo, declared: Sequence[str]) -> Shown:
    """An entity as an older CRM method's `get` shows it."""
    names = [*standard(kind, entity.data), *own(entity.data, declared)]
    return _texts(kind, entity, zone, names) | _contacts(kind, entity, contact_fields(kind))


def selected(
    kind: Kind, entity: Entity, zone: tzinfo, declared: Sequence[str], select: Sequence[str]
) -> Shown:
    """An entity as an older CRM method's `list` shows it: in the order of `select`."""
    names: dict[str, None] = {}
    for name in select or ("*",):
        if name == "*":
            names |= dict.fromkeys(standard(kind, entity.data))
        elif name == "UF_*":
            names |= dict.fromkeys(own(entity.data, declared))
        elif kind.takes(name):
            names[name] = None
    names["ID"] = None
    several = [name for name in names if kind.fields[name].group == "contacts"]
    single = [name for name in names if name not in several]
    return _texts(kind, entity, zone, single) | _contacts(kind, entity, several)


def _texts(kind: Kind, entity: Entity, zone: tzinfo, names: Iterable[str]) -> Shown:
    return {name: as_texts(kind.fields[name], entity.data.get(name), zone) for name in names}


def _contacts(kind: Kind, entity: Entity, names: Iterable[str]) -> Shown:
    """Only those that there are."""
    return {n: contacts.as_texts(entity.data[n]) for n in names if entity.data.get(n)}


def item(
    kind: Kind, entity: Entity, zone: tzinfo, parents: Sequence[str], *, original: bool = False
) -> Shown:
    """An entity as `crm.item.*` shows it. `original`: user fields keep their names."""
    data = entity.data
    shown: Shown = {}
    for name, field in _item_fields(kind):
        if name in _COMPUTED:
            shown[name] = _COMPUTED[name](data)
        elif name == "fm":
            shown[name] = contacts.as_items(data, contact_fields(kind))
        else:
            shown[name] = as_numbers(field, data.get(field.name), zone) if field else None
    for name in (*own(data, ()), *_parents(data, parents), *_ENDING):
        spelled = name if original and is_own(name) else camel(name)
        shown[spelled] = as_numbers(kind.fields[name], data.get(name), zone)
    shown["observers"] = data.get("OBSERVERS") or []
    shown["contactIds"] = data.get("CONTACT_IDS") or []
    shown["entityTypeId"] = kind.type_id
    return shown


def _parents(data: Mapping[str, Any], declared: Sequence[str]) -> list[str]:
    given = (name for name in data if name.startswith("PARENT_ID_"))
    return list(dict.fromkeys([*declared, *given]))


def _item_fields(kind: Kind) -> Iterator[tuple[str, Field | None]]:
    """Names of `crm.item.get` in order; of some, the emulator knows no more than the name."""
    if not kind.fields.item:
        for name in kind.fields.shown:
            if name not in (*_ENDING, *_LINKS):
                yield item_name(kind, name), kind.fields[name]
        if contact_fields(kind):
            yield "fm", None
        return
    for name in kind.fields.item:
        yield name, kind.fields.by_name.get(stored_name(kind, name))


def item_name(kind: Kind, name: str) -> str:
    """A stored field's name in `crm.item.*`."""
    spelled = {stored: shown for shown, stored in kind.aliases.items()}
    return spelled.get(name) or camel(name)


def stored_name(kind: Kind, name: str) -> str:
    """The stored name of a field of `crm.item.*`; a name in upper case stays as it is."""
    return kind.aliases.get(name) or upper(name)


def task(kind: Kind, entity: Entity, zone: tzinfo, names: Iterable[str]) -> Shown:
    """Fields of a task, as `tasks.task.*` shows them."""
    return {camel(name): as_task(kind.fields[name], entity.data.get(name), zone) for name in names}


def numbers(kind: Kind, entity: Entity, zone: tzinfo, names: Iterable[str]) -> Shown:
    """Fields as `catalog.*` and `crm.type.*` show them."""
    return {
        camel(name): as_numbers(kind.fields[name], entity.data.get(name), zone) for name in names
    }


def described(field: Field) -> Shown:
    """A field as `fields` describes it."""
    fact = field.fact
    more = dict(fact.get("more", {}))
    settings = {"settings": more.pop("settings")} if "settings" in more else {}
    return {
        "type": field.type,
        "isRequired": bool(fact.get("required")),
        "isReadOnly": field.read_only,
        "isImmutable": field.immutable,
        "isMultiple": field.multiple,
        "isDynamic": bool(fact.get("dynamic")),
        **more,
        "title": fact.get("title", field.name),
        **settings,
    }


def described_own(user_field: Mapping[str, Any]) -> Shown:
    """A user field as `fields` describes it."""
    name = user_field["FIELD_NAME"]
    label = _label(user_field)
    return {
        "type": user_field.get("USER_TYPE_ID") or "string",
        "isRequired": user_field.get("MANDATORY") == "Y",
        "isReadOnly": False,
        "isImmutable": False,
        "isMultiple": user_field.get("MULTIPLE") == "Y",
        "isDynamic": True,
        **({"items": user_field["LIST"]} if user_field.get("LIST") else {}),
        "title": name,
        "listLabel": label,
        "formLabel": label,
        "filterLabel": label,
        "settings": user_field.get("SETTINGS") or [],
    }


def _label(user_field: Mapping[str, Any]) -> Any:
    label = user_field.get("EDIT_FORM_LABEL") or user_field["FIELD_NAME"]
    return next(iter(label.values())) if isinstance(label, dict) else label
