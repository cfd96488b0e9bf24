from typing import Any

import pytest

from mock_bitrix.portal.directory import Directory
from mock_bitrix.portal.document import Document
from mock_bitrix.portal.loading import LoadError, install, replace
from mock_bitrix.profiles import Switches
from mock_bitrix.storage import schema
from mock_bitrix.storage.counters import Counters
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement
from tests.portal.conftest import installed

OFFLINE = {"event": "ONCRMLEADADD", "type": "offline"}


def directory(database: Database) -> Directory:
    return Directory(database, Switches)


def rows(database: Database) -> list[tuple[Any, ...]]:
    q = schema.queue.c
    return database.run(
        Statement(schema.queue.select().with_only_columns(q.id, q.data).order_by(q.id))
    )


def refused(database: Database, document: dict[str, Any]) -> str:
    with pytest.raises(LoadError) as caught:
        install(database, Document.model_validate(document))
    return str(caught.value)


def test_an_empty_document_gives_one_administrator_and_one_application_with_a_token(
    database: Database,
) -> None:
    portal = installed(database, {})
    there = directory(database)
    ((application, token),) = there.some_tokens(portal)

    assert portal.domain.endswith(".bitrix24.test")
    assert [(user.id, user.admin) for user in there.users(portal)] == [(1, True)]
    assert (token.user_id, token.expires) == (1, None)
    assert token.refresh_token
    assert application.installed


def test_tokens_and_secrets_are_letters_digits_and_dots(database: Database) -> None:
    portal = installed(database, {"webhooks": [{}]})
    there = directory(database)
    ((application, token),) = there.some_tokens(portal)

    for name in (
        token.access_token,
        token.refresh_token or "",
        application.client_id,
        application.client_secret,
        application.application_token,
        there.webhooks(portal)[0].secret,
    ):
        assert name.replace(".", "").isalnum()
        assert name.isascii()


def test_the_same_seed_gives_the_same_names(make_database: Any) -> None:
    document = {"portal": {"seed": 7}, "webhooks": [{}]}
    seen = []
    for _ in range(2):
        database = make_database()
        portal = installed(database, document)
        there = directory(database)
        seen.append((portal.member_id, there.some_tokens(portal), there.webhooks(portal)[0].secret))

    assert seen[0] == seen[1]


def test_rows_without_an_id_come_after_the_highest(database: Database) -> None:
    queue = [{"event": "ONAPPTEST", "data": n, **({"id": 9} if n == 2 else {})} for n in range(4)]
    portal = installed(database, {"apps": [{"queue": queue[:1]}, {"queue": queue[1:]}]})

    assert rows(database) == [(9, "2"), (10, "0"), (11, "1"), (12, "3")]
    assert Counters(database, portal.id).next("row") == 13


def test_ids_count_per_portal(database: Database) -> None:
    for _ in range(2):
        installed(database, {"apps": [{"queue": [{"event": "ONAPPTEST"}]}]})

    assert [number for number, _ in rows(database)] == [1, 1]


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ({"data": 1}, "apps[0].queue[1]: has the same key (message id) as apps[0].queue[0]"),
        ({"id": 5}, "apps[0].queue[1]: has the same id as apps[0].queue[0]"),
    ],
)
def test_two_rows_with_one_key_or_id_name_both_places(
    database: Database, second: dict[str, Any], message: str
) -> None:
    queue = [{"event": "ONAPPTEST", "id": 5, "data": 1}, {"event": "ONAPPTEST", **second}]

    assert refused(database, {"apps": [{"queue": queue}]}) == message
    assert directory(database).portals() == []


def test_the_key_has_application_connector_and_process_in_it(database: Database) -> None:
    queue = [
        {"event": "ONAPPTEST"},
        {"event": "ONAPPTEST", "auth_connector": "x"},
        {"event": "ONAPPTEST", "process_id": "p"},
    ]
    installed(database, {"apps": [{"queue": queue}, {"queue": queue}]})

    assert len(rows(database)) == 6


@pytest.mark.parametrize(
    ("part", "where"),
    [
        ({"portal": {"domain": "a.test"}}, "portal.domain"),
        ({"portal": {"member_id": "0" * 32}}, "portal.member_id"),
        ({"webhooks": [{"secret": "s"}]}, "webhooks[0].secret"),
        ({"apps": [{"tokens": [{"access_token": "t"}]}]}, "apps[0].tokens[0].access_token"),
        ({"apps": [{"tokens": [{"refresh_token": "t"}]}]}, "apps[0].tokens[0].refresh_token"),
    ],
)
def test_what_is_unique_in_a_server_is_refused_by_name(
    database: Database, part: dict[str, Any], where: str
) -> None:
    installed(database, part)

    assert refused(database, part).startswith(f"{where}: ")
    assert len(directory(database).portals()) == 1


def test_bindings_keep_a_given_order_over_applications(database: Database) -> None:
    document = {
        "outgoing": [{"event": "ONCRMLEADADD", "handler": "http://out.test/", "order": 3}],
        "apps": [
            {"client_id": "a", "bindings": [{**OFFLINE, "order": 2}]},
            {"client_id": "b", "bindings": [{**OFFLINE, "order": 1}]},
        ],
    }
    portal = installed(database, document)
    there = directory(database)
    names = {each.id: each.client_id for each in there.applications(portal)}

    found = [names.get(each.application_id, "out") for each in there.bindings(portal)]
    assert found == ["b", "a", "out"]


def test_a_portals_clock_and_counters_go_on(database: Database) -> None:
    state = {"clock": {"offset": -50.0, "frozen_at": 1_600_000_000.5}, "counters": {"row": 40}}
    portal = installed(
        database, {"portal": {"state": state}, "apps": [{"queue": [{"event": "ONAPPTEST"}]}]}
    )
    q = schema.queue.c
    found = database.run(Statement(schema.queue.select().with_only_columns(q.timestamp, q.written)))

    assert portal.clock.now() == 1_600_000_000.5
    assert found == [(1_600_000_000, 1_600_000_000.5)]
    assert Counters(database, portal.id).next("row") == 41


def test_replacing_a_portal_keeps_its_names_and_number(database: Database) -> None:
    old = installed(database, {"apps": [{"tokens": [{"access_token": "t"}]}]})

    replace(database, old, Document.model_validate({"apps": [{"tokens": [{"access_token": "t"}]}]}))

    (new,) = directory(database).portals()
    assert (new.id, new.domain, new.member_id) == (old.id, old.domain, old.member_id)


def test_a_replacement_that_is_refused_leaves_the_portal(database: Database) -> None:
    installed(database, {"portal": {"domain": "other.test"}})
    old = installed(database, {"portal": {"domain": "old.test"}})
    clash = Document.model_validate({"portal": {"domain": "other.test"}})

    with pytest.raises(LoadError):
        replace(database, old, clash)

    assert [portal.domain for portal in directory(database).portals()] == ["other.test", "old.test"]
