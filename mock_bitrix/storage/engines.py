"""How a database is reached: SQLAlchemy's engines, and what each new connection is told."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Engine
from sqlalchemy.pool import NullPool

from mock_bitrix import clock

BUSY_TIMEOUT = 30
"""Seconds that a writer waits for another one to finish."""

PATIENCE = 10
"""Seconds that a PostgreSQL server has to answer a new connection."""

STALLED = 30
"""Seconds after which PostgreSQL undoes a transaction whose process says nothing more: it has
stopped, or its machine is gone, and its locks would hold up the others."""


def engine_of(url: URL) -> Engine:
    """An engine whose connections are not pooled: each thread keeps its own."""
    if url.get_backend_name() == "sqlite":
        arguments = {"check_same_thread": False, "timeout": BUSY_TIMEOUT}
        engine = create_engine(
            url,
            poolclass=NullPool,
            paramstyle="qmark",
            connect_args=arguments,
            hide_parameters=True,
        )
        event.listen(engine, "connect", _configure_sqlite)
        return engine
    patience = {} if "connect_timeout" in url.query else {"connect_timeout": PATIENCE}
    engine = create_engine(url, poolclass=NullPool, connect_args=patience, hide_parameters=True)
    event.listen(engine, "connect", _configure_postgresql)
    return engine


def _configure_sqlite(driver: sqlite3.Connection, _record: object) -> None:
    driver.isolation_level = None
    _write_ahead(driver)
    driver.execute("PRAGMA secure_delete = OFF")  # some builds write zeros over what was deleted


def _write_ahead(driver: sqlite3.Connection) -> None:
    """Switch a file to a log. SQLite doesn't wait for others who switch it just then."""
    ends = clock.stopwatch() + BUSY_TIMEOUT
    while True:
        try:
            driver.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY  # the rest says why
            if not busy or clock.stopwatch() > ends:
                raise
            clock.pause(0.01)
        else:
            return


def _configure_postgresql(driver: Any, _record: object) -> None:
    driver.autocommit = True
    driver.execute(f"SET idle_in_transaction_session_timeout = '{STALLED}s'")
