"""Opening a database: a new one gets its tables, one of another make or version is left alone."""

from __future__ import annotations

from sqlalchemy import inspect, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database, StorageError
from mock_bitrix.storage.expectations import expect_a_large_queue
from mock_bitrix.storage.statement import Statement, insert_into

_read_meta = Statement(select(schema.meta.c.key, schema.meta.c.value))
_write_meta = Statement(
    lambda dialect: insert_into(dialect, schema.meta).on_conflict_do_nothing(index_elements=["key"])
)


class ForeignDatabase(StorageError):
    """The database is not one that this version of mock-bitrix made."""


def open_database(url: str, *, durable: bool = True) -> Database:
    """Open the database at `url`, making its tables where there are none.

    `durable=False` is for a database that nobody keeps: it may be lost when the machine fails.
    Raises `ForeignDatabase` for a database of another schema version or of another program, which
    stays as it is, and `StorageError` where it can't be opened.
    """
    database = _connect(url, durable=durable)
    try:
        tables = set(inspect(database.engine).get_table_names())
    except DBAPIError as error:
        raise StorageError(f"{url}: can't be opened: {error.orig}") from error
    if not tables:
        _create(database)
    _check(database, url, tables)
    return database


def _connect(url: str, *, durable: bool) -> Database:
    try:
        database = Database(url, durable=durable)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise StorageError(f"{url}: {error}") from error
    if database.dialect.name not in ("sqlite", "postgresql"):
        raise StorageError(f"{url}: expected an SQLite or PostgreSQL address")
    return database


def _create(database: Database) -> None:
    with database.engine.begin() as connection:
        schema.metadata.create_all(connection)
        if database.is_sqlite:
            expect_a_large_queue(connection)
    with database.transaction():
        database.run(_write_meta, key="version", value=str(schema.VERSION))
        database.run(_write_meta, key="revision", value="1")
        database.run(_write_meta, key="growth", value="1")


def _check(database: Database, url: str, tables: set[str]) -> None:
    if tables and "meta" not in tables:
        raise ForeignDatabase(
            f"{url}: is no database of mock-bitrix (it has tables, but no 'meta')"
        )
    found = {row[0]: row[1] for row in database.run(_read_meta)}.get("version")
    if found != str(schema.VERSION):
        raise ForeignDatabase(
            f"{url}: has schema version {found}, expected {schema.VERSION}; "
            "left as it is: use another file, or the mock-bitrix version that made it"
        )
