"""What the page's dialogs offer: people, and entities of CRM."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mock_bitrix.entities.store import Entity, Store
from mock_bitrix.frame.visit import Visit
from mock_bitrix.php.values import LARGEST
from mock_bitrix.portal.directory import Directory
from mock_bitrix.storage.database import Database

PREFIXES = {"lead": "L", "contact": "C", "company": "CO", "deal": "D", "quote": "Q"}
"""Of the ids that the dialog of CRM entities gives."""

MOST = 50
"""Entities of a type that the dialog offers: the newest."""


def people(directory: Directory, visit: Visit) -> list[dict[str, object]]:
    """The active users; `me` marks the one who looks."""
    return [
        {
            "id": user.id,
            "name": f"{user.name} {user.last_name}".strip() or str(user.id),
            "me": user.id == visit.user.id,
        }
        for user in directory.users(visit.portal)
        if user.active
    ]


def entities(database: Database, visit: Visit, types: Iterable[Any]) -> dict[str, list[Any]]:
    """The entities of each type asked for; of no type: of all."""
    store, wanted = Store(database, visit.portal.id), list(types)
    return {
        name: [_shown(name, each) for each in _newest(store, f"crm.{name}")]
        for name in PREFIXES
        if not wanted or name in wanted
    }


def _newest(store: Store, kind: str) -> list[Entity]:
    return store.page(kind, (1, LARGEST), falling=True, limit=MOST, offset=0)


def _shown(name: str, entity: Entity) -> dict[str, str]:
    return {
        "id": f"{PREFIXES[name]}_{entity.id}",
        "type": name,
        "place": name,
        "title": _text(entity, "TITLE") or _person(entity) or str(entity.id),
        "desc": _person(entity) if name == "lead" else "",
        "url": f"/crm/{name}/show/{entity.id}/",
    }


def _person(entity: Entity) -> str:
    return f"{_text(entity, 'NAME')} {_text(entity, 'LAST_NAME')}".strip()


def _text(entity: Entity, field: str) -> str:
    return str(entity.data.get(field) or "")
