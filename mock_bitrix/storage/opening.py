"""Opening a database: a new one gets its tables, one of another make or version is left alone."""

from __future__ import annotations

from sqlalchemy import insert, inspect, select, update
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from mock_bitrix.storage import schema
from mock_bitrix.storage.addresses import without_password
from mock_bitrix.storage.blocks import keep_lowest_times
from mock_bitrix.storage.database import Database, StorageError
from mock_bitrix.storage.expectations import expect_a_large_queue
from mock_bitrix.storage.messages import keep_messages
from mock_bitrix.storage.statement import Statement

_read_meta = Statement(select(schema.meta.c.key, schema.meta.c.value))
_touch = Statement(
    update(schema.meta).where(schema.meta.c.key == "version").values(value=schema.meta.c.value)
)
_META = {"version": str(schema.VERSION), "revision": "1", "growth": "1"}
_BEGIN_ALONE = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": "BEGIN; SELECT pg_advisory_xact_lock(20240718)",
}


class ForeignDatabase(StorageError):
    """The database is not one that this version of mock-bitrix made."""


def open_database(url: str, *, durable: bool = True) -> Database:
    """Open the database at `url`, making its tables where there are none.

    `durable=False` is for a database that nobody keeps: it may be lost when the machine fails.
    Raises `ForeignDatabase` for a database of another schema version or of another program, which
    stays as it is, and `StorageError` where it can't be opened.
    """
    database = _connect(url, durable=durable)
    shown = without_password(url)
    try:
        tables = _tables_of(database) or _create(database)
    except DBAPIError as error:
        why = without_password(str(error.orig))
        raise StorageError(f"{shown}: can't be opened: {why}") from error
    _check(database, shown, tables)
    try:
        database.run(_touch)
    except StorageError as error:
        raise StorageError(f"{shown}: can't be written: {error}") from error
    return database


def _tables_of(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def _connect(url: str, *, durable: bool) -> Database:
    shown = without_password(url)
    try:
        database = Database(url, durable=durable)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
        raise StorageError(f"{shown}: {without_password(str(error))}") from error
    if database.dialect.name not in ("sqlite", "postgresql"):
        raise StorageError(f"{shown}: expected an SQLite or PostgreSQL address")
    return database


def _create(database: Database) -> set[str]:
    """Make the tables in one transaction: of several processes at once, one does it."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql(_BEGIN_ALONE[database.dialect.name])
        tables = set(inspect(connection).get_table_names())
        if not tables:
            schema.metadata.create_all(connection)
            keep_lowest_times(connection)
            rows = [{"key": key, "value": value} for key, value in _META.items()]
            connection.execute(insert(schema.meta), rows)
            if database.is_sqlite:
                keep_messages(connection)
                expect_a_large_queue(connection)
        connection.exec_driver_sql("COMMIT")
    return tables


def _check(database: Database, shown: str, tables: set[str]) -> None:
    if tables and "meta" not in tables:
        raise ForeignDatabase(
            f"{shown}: is no database of mock-bitrix (it has tables, but no 'meta')"
        )
    found = {row[0]: row[1] for row in database.run(_read_meta)}.get("version")
    if found != str(schema.VERSION):
        raise ForeignDatabase(
            f"{shown}: has schema version {found}, expected {schema.VERSION}; "
            "left as it is: use another file, or the mock-bitrix version that made it"
        )
