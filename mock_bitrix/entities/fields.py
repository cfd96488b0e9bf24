"""The fields of each kind, from the documentation: name, type, what may be done with them."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Group = Literal["whole", "number", "flag", "date", "time", "contacts", "text", "raw"]
"""How a type's values behave: compared, stored, shown."""

_FACTS = Path(__file__).with_name("fields.json")
_GROUPS: dict[str, Group] = {
    "integer": "whole",
    "user": "whole",
    "location": "whole",
    "crm_category": "whole",
    "crm_company": "whole",
    "crm_contact": "whole",
    "crm_deal": "whole",
    "crm_entity": "whole",
    "crm_lead": "whole",
    "crm_quote": "whole",
    "double": "number",
    "char": "flag",
    "boolean": "flag",
    "date": "date",
    "datetime": "time",
    "crm_multifield": "contacts",
    "string": "text",
    "text": "text",
    "enum": "text",
    "crm_status": "text",
    "crm_currency": "text",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind. `fact` is its row of the table; do not change it."""

    name: str
    type: str
    group: Group
    read_only: bool
    immutable: bool
    multiple: bool
    fact: Mapping[str, Any]

    def writable(self, anything: bool) -> bool:
        """Whether a caller may set it; `anything`: links to other entities, too."""
        return not self.read_only or (anything and self.type.startswith("crm_"))


@dataclass(frozen=True, slots=True)
class Fields:
    """A kind's fields by name, and which ones `get` shows, in its order.

    `item`: names of `crm.item.get`, where the documentation shows other ones than `shown`.
    """

    by_name: Mapping[str, Field]
    shown: tuple[str, ...]
    item: tuple[str, ...]

    def __getitem__(self, name: str) -> Field:
        """The field of that name; one that nobody described holds whatever it is given."""
        found = self.by_name.get(name)
        if found is not None or name == OBSERVERS:
            return found or _field({"name": name, "type": "user", "multiple": True})
        whole = name == "ID" or _is_parent(name)
        return _field({"name": name, "type": "integer" if whole else "any"})

    def knows(self, name: str) -> bool:
        """Whether the field is described, a user's own or a link to a parent."""
        return name in self.by_name or is_own(name) or _is_parent(name) or name == OBSERVERS


OBSERVERS = "OBSERVERS"
"""People who watch an item: `crm.item.*` has them of every kind, `fields` names them of few."""

NO_FIELDS = Fields({}, (), ())


def is_own(name: str) -> bool:
    """Whether it is a user field, made by the portal's people."""
    return name.startswith("UF_")


def _is_parent(name: str) -> bool:
    return name.startswith("PARENT_ID_")


@functools.cache
def fields_of(kind: str) -> Fields:
    """The table of a kind. Raises KeyError for one that has none."""
    facts = _facts()[kind]
    fields = {fact["name"]: _field(fact) for fact in facts["fields"]}
    return Fields(fields, tuple(facts["shown"]), tuple(facts.get("item", ())))


@functools.cache
def _facts() -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(_FACTS.read_text(encoding="utf-8"))
    return facts


def _field(fact: Mapping[str, Any]) -> Field:
    kind = fact["type"]
    return Field(
        name=fact["name"],
        type=kind,
        group="whole" if kind.startswith("crm_enum_") else _GROUPS.get(kind, "raw"),
        read_only=bool(fact.get("readOnly") or fact.get("primary")),
        immutable=bool(fact.get("immutable")),
        multiple=bool(fact.get("multiple")),
        fact=fact,
    )
