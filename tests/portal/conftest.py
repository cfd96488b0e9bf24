from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mock_bitrix.portal.directory import Directory
from mock_bitrix.portal.document import Document
from mock_bitrix.portal.loading import install
from mock_bitrix.portal.model import Portal
from mock_bitrix.profiles import Switches
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.opening import open_database

NewDatabase = Callable[[], Database]


@pytest.fixture
def make_database(
    new_database: Callable[[], str | None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[NewDatabase]:
    """Makes an empty database."""
    made: list[Database] = []

    def make() -> Database:
        path = tmp_path_factory.mktemp("portal") / "portal.sqlite"
        made.append(open_database(new_database() or f"sqlite:///{path}", durable=False))
        return made[-1]

    yield make
    for database in made:
        database.close()


@pytest.fixture
def database(make_database: NewDatabase) -> Database:
    return make_database()


def installed(database: Database, document: dict[str, Any] | Document) -> Portal:
    """The portal that a document describes."""
    given = document if isinstance(document, Document) else Document.model_validate(document)
    portal = Directory(database, Switches).portal(install(database, given))
    assert portal is not None
    return portal
