"""What people type into the fields of entities: enough to look real in a list."""

from __future__ import annotations

import random

NAMES = ("Anna", "Ben", "Carla", "Dmitri", "Elif", "Femi", "Greta", "Hugo", "Inga", "Jun")
SURNAMES = ("Adler", "Berg", "Costa", "Dahl", "Ekström", "Fischer", "García", "Hansen", "Ivanova")
SUBJECTS = ("Website", "Delivery", "Renewal", "Demo", "Training", "Spare parts", "Support")
STAGES = {
    "crm.lead": ("STATUS_ID", ("NEW", "IN_PROCESS", "PROCESSED", "JUNK")),
    "crm.deal": ("STAGE_ID", ("NEW", "PREPARATION", "EXECUTING", "WON", "LOSE")),
    "tasks.task": ("PRIORITY", ("0", "1", "2")),
}
TITLES = {"crm.contact": "NAME"}
"""Kinds without a title, and the field that people know them by."""


def fields_of(kind: str, action: str, source: random.Random) -> dict[str, str]:
    """The fields of an add or of an update."""
    title = TITLES.get(kind, "TITLE")
    if action == "add":
        made = {title: _title(title, source)}
        return made | {"RESPONSIBLE_ID": "1"} if kind == "tasks.task" else made
    if kind in STAGES and source.random() < 0.6:
        name, values = STAGES[kind]
        return {name: source.choice(values)}
    return {title: _title(title, source)}


def _title(field: str, source: random.Random) -> str:
    if field == "NAME":
        return source.choice(NAMES)
    return f"{source.choice(SUBJECTS)} for {source.choice(SURNAMES)} {source.randrange(1000)}"
