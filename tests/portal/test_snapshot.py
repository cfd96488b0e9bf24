"""Install and snapshot are inverse."""

import itertools
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import Table

from mock_bitrix.fixture.files import read_document
from mock_bitrix.portal.directory import Directory
from mock_bitrix.portal.document import Document
from mock_bitrix.portal.erasing import erase_portal
from mock_bitrix.portal.model import Portal
from mock_bitrix.portal.snapshot import snapshot
from mock_bitrix.profiles import Switches
from mock_bitrix.queue.queue import Box, Queue
from mock_bitrix.queue.rows import Change
from mock_bitrix.queue.selection import OrderBy, Selection
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement
from tests import support
from tests.portal.conftest import NewDatabase, installed

FIXTURES = sorted(support.FIXTURES.glob("*.yaml"))
EVERYTHING = Selection((), (OrderBy("ID", descending=False),), 1000, error=False)


def queue_of(database: Database, portal: Portal, connector: str = "") -> Queue:
    application = Directory(database, Switches).applications(portal)[0]
    return Queue(database, Box(portal, application.id, connector))


def change(number: int) -> Change:
    return Change("ONAPPTEST", str(number), "false", f"m{number}")


def copied(database: Database, portal: Portal, elsewhere: Database) -> Portal:
    return installed(elsewhere, Document.model_validate(snapshot(database, portal)))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_fixtures_portal_comes_back_as_it_was(make_database: NewDatabase, path: Path) -> None:
    here, there = make_database(), make_database()
    portal = installed(here, read_document(path))

    copy = copied(here, portal, there)

    assert snapshot(there, copy) == snapshot(here, portal)


def test_reservations_errors_and_ids_go_on_alike(make_database: NewDatabase) -> None:
    here, there = make_database(), make_database()
    state = {"clock": {"frozen_at": 1_700_000_000.25}}
    portal = installed(here, {"portal": {"seed": "s", "state": state}, "apps": [{}]})
    queue = queue_of(here, portal)
    for number in range(6):
        queue.put(change(number))
    batch = queue.take(Selection((), EVERYTHING.order, 4, error=False), keep=True)
    assert batch.process_id
    queue.mark_error(batch.process_id, ["m1"])
    queue.clear(batch.process_id, message_ids=["m0"])

    copy = copied(here, portal, there)

    again = queue_of(there, copy)
    for each in (queue, again):
        each.put(change(2))  # its twin is reserved
        each.put(change(1))  # absorbed by the error
        each.put(change(9))
    for selection in (EVERYTHING, Selection((), EVERYTHING.order, 10, error=True)):
        taken, expected = again.take(selection, keep=True), queue.take(selection, keep=True)
        assert [(row.id, row.data) for row in taken.rows] == [
            (row.id, row.data) for row in expected.rows
        ]
        assert taken.process_id == expected.process_id
        assert taken.rows
    reread = again.reread(batch.process_id, EVERYTHING, keep=True)
    assert [row.message_id for row in reread.rows] == ["m2", "m3"]


def test_rows_expire_when_the_original_would(make_database: NewDatabase) -> None:
    here, there = make_database(), make_database()
    document = {
        "portal": {"retention": 100, "state": {"clock": {"frozen_at": 1000.0}}},
        "apps": [
            {
                "queue": [
                    {"event": "ONAPPTEST", "data": 1, "state": {"written": 899.0}},
                    {"event": "ONAPPTEST", "data": 2, "state": {"written": 901.0}},
                ]
            }
        ],
    }
    portal = installed(here, document)

    copy = copied(here, portal, there)

    q = schema.queue.c
    found = there.run(Statement(schema.queue.select().with_only_columns(q.data, q.written)))
    assert found == [("2", 901.0)]
    assert copy.clock.now() == 1000.0


def test_negative_zero_of_a_row_keeps_its_sign(make_database: NewDatabase) -> None:
    here, there = make_database(), make_database()
    row = {"event": "ONAPPTEST", "data": {"a": [-0.0, "-0", 7]}, "additional": -0.0}
    portal = installed(here, {"apps": [{"queue": [row]}]})

    copied(here, portal, there)

    q = schema.queue.c
    found = there.run(Statement(schema.queue.select().with_only_columns(q.data, q.additional)))
    assert found == [('{"a":[-0,"-0",7]}', "-0")]


def test_who_heard_first_still_does(make_database: NewDatabase) -> None:
    here, there = make_database(), make_database()
    offline = {"event": "ONCRMLEADADD", "type": "offline"}
    document = {
        "apps": [
            {"client_id": "a", "bindings": [{**offline, "order": 2}]},
            {"client_id": "b", "bindings": [{**offline, "order": 1}]},
        ]
    }
    portal = installed(here, document)

    copy = copied(here, portal, there)

    directory = Directory(there, Switches)
    names = {each.id: each.client_id for each in directory.applications(copy)}
    assert [names[each.application_id] for each in directory.bindings(copy)] == ["b", "a"]


counter = itertools.count()
names = st.text(max_size=8)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64) | st.floats(-1e30, 1e30) | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=5,
)
options = st.dictionaries(names, json_values, max_size=2)
times = st.datetimes(
    min_value=datetime(1971, 1, 1),  # noqa: DTZ001  # the zone follows below
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001  # the zone follows below
).map(lambda moment: moment.isoformat() + "+01:00")
codes = st.sampled_from(["ONCRMLEADADD", "ONCRMDEALUPDATE", "ONAPPTEST", "ONTASKADD"])
seconds = st.floats(1e9, 2e9)


def fresh(prefix: str) -> Any:
    return st.builds(lambda: f"{prefix}{next(counter)}")


tokens = st.fixed_dictionaries(
    {"access_token": fresh("t"), "user": st.sampled_from([1, 2])},
    optional={"refresh_token": fresh("r"), "expires": times, "refresh_expires": times},
)
bindings = st.one_of(
    st.fixed_dictionaries(
        {"event": codes, "type": st.just("offline")},
        optional={"auth_connector": names, "options": options},
    ),
    st.fixed_dictionaries(
        {"event": codes, "handler": st.sampled_from(["http://a.test/x", "HTTPS://b.test"])},
        optional={"auth_connector": names, "user": st.integers(0, 3), "options": options,
                  "order": st.integers(0, 5)},
    ),
)  # fmt: skip
queue_rows = st.fixed_dictionaries(
    {"event": codes, "message_id": fresh("m")},
    optional={
        "data": json_values,
        "additional": json_values,
        "auth_connector": names,
        "timestamp": times,
        "process_id": st.sampled_from(["", "p1", "p2"]),
        "error": st.booleans(),
        "state": st.fixed_dictionaries(
            {"written": seconds}, optional={"reserved_at": st.none() | seconds}
        ),
    },
)


def different(binding: dict[str, Any]) -> object:
    return tuple(binding.get(name) or "" for name in ("event", "handler", "auth_connector", "user"))


apps = st.fixed_dictionaries(
    {"client_id": fresh("c")},
    optional={
        "name": names,
        "status": st.sampled_from("LFDTPS"),
        "version": st.integers(0, 9),
        "installed": st.booleans(),
        "active": st.booleans(),
        "access": st.none() | st.lists(st.integers(1, 5)),
        "scope": st.lists(names, max_size=2),
        "install_url": st.none() | names,
        "options": options,
        "user_options": st.dictionaries(st.sampled_from(["1", "2"]), options),
        "tokens": st.lists(tokens, max_size=3),
        "bindings": st.lists(bindings, max_size=4, unique_by=different),
        "queue": st.lists(queue_rows, max_size=4),
    },
)
documents = st.fixed_dictionaries(
    {
        "portal": st.fixed_dictionaries(
            {"retention": st.integers(2**30, 2**31)},  # no row has expired
            optional={
                "timezone": st.sampled_from(["UTC", "Asia/Kolkata", "Europe/Berlin"]),
                "license": names,
                "scopes": st.lists(names, max_size=2),
                "features": st.dictionaries(names, st.booleans(), max_size=2),
                "switches": st.sampled_from([{}, {"https": "required", "visibility_delay": 2}]),
                "operating_cost": st.dictionaries(st.just("crm.lead.add"), st.floats(0, 9)),
                "seed": st.none() | names,
                "state": st.fixed_dictionaries(
                    {},
                    optional={
                        "counters": st.dictionaries(names, st.integers(1, 99), max_size=2),
                        "clock": st.fixed_dictionaries(
                            {"offset": st.floats(-1e6, 1e6)},
                            optional={"frozen_at": st.none() | seconds},
                        ),
                    },
                ),
            },
        ),
        "users": st.just([{"id": 1, "admin": True}, {"id": 2, "EMAIL": "a@b.c", "UF_X": [1]}]),
    },
    optional={
        "webhooks": st.lists(
            st.fixed_dictionaries({"secret": fresh("s")}, optional={"scope": st.lists(names)}),
            max_size=2,
        ),
        "outgoing": st.lists(
            st.fixed_dictionaries(
                {"event": codes, "handler": st.just("http://out.test/")},
                optional={"order": st.integers(0, 5)},
            ),
            max_size=2,
            unique_by=lambda each: each["event"],
        ),
        "apps": st.lists(apps, max_size=3),
        "stubs": st.dictionaries(st.just("crm.status.list"), options),
        "entities": st.dictionaries(
            st.sampled_from(["crm.lead", "tasks.task"]),
            st.lists(st.fixed_dictionaries({"TITLE": names}), max_size=2),
        ),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=documents)
def test_any_portal_comes_back_as_it_was(
    both: tuple[Database, Database], document: dict[str, Any]
) -> None:
    here, there = both
    for database in both:
        for left in Directory(database, Switches).portals():
            erase_portal(database, left.id)
    portal = installed(here, document)
    first = snapshot(here, portal)

    copy = installed(there, Document.model_validate(first))

    assert snapshot(there, copy) == first
    for table in schema.OF_PORTALS:
        assert rows(there, table, copy) == rows(here, table, portal), table.name


NUMBERS = ("id", "seq", "portal_id", "application_id", "binding_id")


def rows(database: Database, table: Table, portal: Portal) -> list[str]:
    """The rows of a portal in a table, but for the numbers that are a database's own."""
    found = database.run(Statement(table.select().where(table.c.portal_id == portal.id)))
    kept = [n for n, column in enumerate(table.c) if column.name not in NUMBERS]
    return sorted(str([_rounded(row[n]) for n in kept]) for row in found)


def _rounded(value: object) -> object:
    """Ends of tokens are written to the microsecond."""
    return round(value, 5) if isinstance(value, float) else value


@pytest.fixture
def both(make_database: NewDatabase) -> tuple[Database, Database]:
    return make_database(), make_database()


def test_a_portal_with_the_largest_id_comes_back(database: Database) -> None:
    row = {"event": "ONCRMLEADADD", "id": 2**62 - 1}
    portal = installed(database, {"apps": [{"queue": [row]}]})

    Document.model_validate(snapshot(database, portal))

    with pytest.raises(ValidationError):
        Document.model_validate({"apps": [{"queue": [{**row, "id": 2**62}]}]})
