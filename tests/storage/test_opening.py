"""Opening a database: a new one gets tables; what isn't ours, or is another version's, stays."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from mock_bitrix.portal.directory import Directory
from mock_bitrix.portal.document import Document
from mock_bitrix.portal.loading import install
from mock_bitrix.profiles import Switches
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import StorageError
from mock_bitrix.storage.opening import ForeignDatabase, open_database


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "portal.sqlite"


def address(file: Path) -> str:
    return f"sqlite:///{file}"


def changed(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)


def refused(url: str) -> str:
    """What a database is refused with."""
    with pytest.raises(StorageError) as refusal:
        open_database(url)
    return str(refusal.value)


def test_what_was_stored_is_there_when_it_is_opened_again(file: Path) -> None:
    first = open_database(address(file))
    install(first, Document.model_validate({"portal": {"domain": "kept.bitrix24.test"}}))
    first.close()

    again = open_database(address(file))

    assert [each.domain for each in Directory(again, Switches).portals()] == ["kept.bitrix24.test"]
    again.close()


def test_a_database_of_another_version_is_left_as_it_is(file: Path) -> None:
    open_database(address(file)).close()
    changed(file, "UPDATE meta SET value = '999' WHERE key = 'version'")
    before = file.read_bytes()

    text = refused(address(file))

    assert text == (
        f"{address(file)}: has schema version 999, expected {schema.VERSION}; "
        "left as it is: use another file, or the mock-bitrix version that made it"
    )
    assert file.read_bytes() == before


def test_a_database_of_another_program_is_left_as_it_is(file: Path) -> None:
    changed(file, "CREATE TABLE invoices (id INTEGER)")

    with pytest.raises(ForeignDatabase, match="is no database of mock-bitrix"):
        open_database(address(file))

    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("invoices",)]


def test_a_file_that_is_no_database_is_left_as_it_is(file: Path) -> None:
    text = "Dear diary, " * 1000
    file.write_text(text)

    assert "can't be opened: file is not a database" in refused(address(file))

    assert file.read_text() == text


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("sqlite:////no/such/directory/x.sqlite", "can't be opened: unable to open"),
        ("mysql+nothing://host/db", "mysql+nothing://host/db: "),
        ("not an address", "not an address: "),
        ("", ": "),
    ],
)
def test_an_address_that_leads_nowhere_says_so(url: str, why: str) -> None:
    assert why in refused(url)


def test_of_several_who_open_a_new_database_at_once_one_makes_it(file: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: open_database(address(file)), range(8)))

    assert len({each.revision() for each in opened}) == 1
    for each in opened:
        each.close()
