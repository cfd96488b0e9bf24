from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import databases


@pytest.fixture(scope="session")
def postgresql() -> databases.PostgreSql:
    """A PostgreSQL server; skips the test where there is none."""
    return databases.postgresql()


@pytest.fixture
def here(new_database: Callable[[], str | None], tmp_path: Path) -> str:
    """The address of a new database of the kind that the run is on."""
    return new_database() or f"sqlite:///{tmp_path / 'portal.sqlite'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def everywhere(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'portal.sqlite'}"
    server: databases.PostgreSql = request.getfixturevalue("postgresql")
    return server.database()
