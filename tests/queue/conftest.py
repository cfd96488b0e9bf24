from collections.abc import Callable, Iterator

import pytest

from mock_bitrix.storage.database import Database
from mock_bitrix.storage.opening import open_database
from tests.queue.desk import Desk, open_desk


@pytest.fixture(scope="session")
def database(
    new_database: Callable[[], str | None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("queue") / "queue.sqlite"
    database = open_database(new_database() or f"sqlite:///{path}", durable=False)
    yield database
    database.close()


@pytest.fixture
def desk(database: Database) -> Desk:
    """A portal of the test's own."""
    return open_desk(database)
