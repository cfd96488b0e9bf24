from typing import Any

import pytest

from mock_bitrix.portal import hidden
from mock_bitrix.portal.directory import Directory
from mock_bitrix.portal.document import Document
from mock_bitrix.portal.loading import LoadError, install
from mock_bitrix.portal.model import Portal
from mock_bitrix.portal.snapshot import snapshot
from mock_bitrix.profiles import Switches
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement
from tests.portal.conftest import NewDatabase, installed

APPS = [
    {"client_id": "a"},
    {"client_id": "b", "bindings": [{"event": "ONOFFLINEEVENT", "handler": "http://b.test/"}]},
]


def put(database: Database, portal: Portal) -> None:
    """A row in every table that no part of the document shows."""
    directory = Directory(database, Switches)
    application, binding = directory.applications(portal)[1].id, directory.bindings(portal)[0].id
    for table in hidden.TABLES.values():
        row: dict[str, Any] = {}
        for column in table.c:
            made = {int: 7, float: 1.5, str: f"{column.name}.{portal.id}"[:32]}
            row[column.name] = made[column.type.python_type]
        row |= {"portal_id": portal.id, "application_id": application, "binding_id": binding}
        database.run(Statement(table.insert().values({c.name: row[c.name] for c in table.c})))


def test_every_table_of_a_portal_is_in_a_snapshot() -> None:
    shown = {
        "queue",
        "bindings",
        "tokens",
        "user_options",
        "applications",
        "webhooks",
        "users",
        "counters",
        "entities",
    }
    of_the_journal = {"forgotten"}

    derived = {table.name for table in schema.DERIVED}
    known = shown | set(hidden.TABLES) | of_the_journal | derived
    assert {table.name for table in schema.OF_PORTALS} == known


def test_hidden_rows_come_back_with_their_application_and_binding(
    make_database: NewDatabase,
) -> None:
    here, there = make_database(), make_database()
    installed(there, {})  # numbers differ
    portal = installed(here, {"apps": APPS})
    put(here, portal)
    first = snapshot(here, portal)

    copy = installed(there, Document.model_validate(first))

    assert snapshot(there, copy) == first
    assert set(first["portal"]["state"]["hidden"]) == set(hidden.TABLES)
    launches = there.run(
        Statement(schema.launches.select().with_only_columns(schema.launches.c.application_id))
    )
    assert launches == [(Directory(there, Switches).applications(copy)[1].id,)]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"fault": []}, "portal.state.hidden.fault: no such key; did you mean faults?"),
        (
            {"launches": [{"application_id": 5, "user_id": 1, "version": 1}]},
            ("portal.state.hidden.launches[0].application_id: there is no number 5; "
            "expected less than 2"),
        ),
        (
            {"launches": [{"application_id": 0, "user_id": "x", "version": 1}]},
            "portal.state.hidden.launches[0].user_id: doesn't fit; expected what was written (int)",
        ),
        (
            {"launches": [{"application_id": 0, "user_id": 1, "version": 1, "x": 1}]},
            ("portal.state.hidden.launches[0].x: no such key; "
            "expected one of application_id, user_id, version"),
        ),
        (
            {"request_levels": [{"source": "x", "level": float("inf"), "at": 1}]},
            ("portal.state.hidden.request_levels[0].level: doesn't fit; "
            "expected what was written (float)"),
        ),
    ],
)  # fmt: skip
def test_what_no_snapshot_writes_is_refused(
    database: Database, rows: dict[str, Any], message: str
) -> None:
    document = {"portal": {"state": {"hidden": rows}}, "apps": APPS}

    with pytest.raises(LoadError) as caught:
        install(database, Document.model_validate(document))

    assert str(caught.value) == message
