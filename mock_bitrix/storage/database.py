"""The database: one connection a thread, transactions, and a cheap way to see that others wrote."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Integer, Text, cast, or_, select, update
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import DBAPIError

from mock_bitrix.storage import schema
from mock_bitrix.storage.engines import engine_of
from mock_bitrix.storage.statement import Positional, Statement

Row = tuple[Any, ...]
T = TypeVar("T")
Soon = Callable[[Callable[[], None]], object]

TRIES = 10
"""How often a transaction is begun in which others keep getting in the way."""

DEADLOCKS = ("40P01", "40001")
"""What PostgreSQL calls a deadlock, and one that it has foreseen."""

_key, _value = schema.meta.c.key, schema.meta.c.value
_read_revision = Statement(
    select(_value).where(or_(_key == "growth", _key == "revision")).order_by(_key)
)


def _raising(key: str) -> Statement:
    raised = update(schema.meta).where(_key == key)
    return Statement(raised.values(value=cast(cast(_value, Integer) + 1, Text)))


_raise_revision, _raise_growth = _raising("revision"), _raising("growth")


class StorageError(Exception):
    """The database refused or failed: full, read-only, unreachable, not ours."""


class Collision(StorageError):
    """Two transactions got in each other's way; this one is undone, and may be tried again."""


class Revision(NamedTuple):
    """How often portals have changed, and how often one was added."""

    changes: int
    growth: int


class Connection:
    """What one thread holds: its driver connection, and how deep in a transaction it is."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver
        self.depth = 0
        self.soon: Soon | None = None
        self.looked = False
        self.data_version: int | None = None
        self.revision: Revision | None = None
        self.remembered: dict[object, float] = {}
        self.remembered_at: tuple[int, int] | None = None
        self.afterwards: list[Callable[[], None]] = []

    def look_again(self) -> None:
        """What comes in from now on wants to know what others have written until now."""
        self.looked = False


class Database:
    """An SQLite file or a PostgreSQL database, for any number of threads and processes.

    A statement outside `transaction()` commits by itself. Transactions nest: the outermost one
    commits or rolls back everything. On SQLite a transaction holds the write lock from its first
    moment, so what it reads is what it changes.
    """

    def __init__(self, url: str | URL, *, durable: bool = True) -> None:
        self.url = make_url(url)
        self._durable = durable
        self._engine = engine_of(self.url)
        self._local = threading.local()
        self._connections: list[Connection] = []
        self.dialect = self._engine.dialect
        self.is_sqlite = self.dialect.name == "sqlite"
        self._begin = "BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN"
        self._failure: type[Exception] = self.dialect.loaded_dbapi.Error
        self._clash: type[Exception] = self.dialect.loaded_dbapi.IntegrityError

    @property
    def engine(self) -> Engine:
        """SQLAlchemy's engine, for making and inspecting tables."""
        return self._engine

    def run(self, statement: Statement, **parameters: Any) -> list[Row]:
        """Run a statement; give its rows, or an empty list where it has none."""
        cursor = self._execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []

    def change(self, statement: Statement, **parameters: Any) -> int:
        """Run a statement; give the number of rows that it changed."""
        return int(self._execute(statement, parameters).rowcount)

    def change_many(
        self, statement: Statement, parameters: Iterable[dict[str, Any]] | Iterable[Row]
    ) -> None:
        """Run a statement once for each set of parameters; all sets have the same names.

        A `Positional` statement takes tuples instead.
        """
        compiled = statement.compiled(self.dialect)
        plain = isinstance(statement, Positional)
        sets: Any = parameters if plain else map(compiled.bound, map(dict, parameters))
        try:
            cursor = self._connection().driver.cursor()
            cursor.executemany(compiled.text, sets if self.is_sqlite else list(sets))
        except self._failure as error:
            raise StorageError(str(error)) from error

    def stream(self, statement: Statement, **parameters: Any) -> Iterator[Row]:
        """Run a statement; give its rows one by one, however many there are."""
        return iter(self._execute(statement, parameters))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: what is run inside is committed at the end, or not at all."""
        connection = self._connection()
        if connection.depth == 0:
            self._plain(connection, self._begin)
        connection.depth += 1
        try:
            yield
        except BaseException:
            connection.depth -= 1
            if connection.depth == 0:
                connection.afterwards = []
                self._end(connection, "ROLLBACK")
            raise
        connection.depth -= 1
        if connection.depth == 0:
            actions, connection.afterwards = connection.afterwards, []
            self._end(connection, "COMMIT")
            for action in actions:
                action()

    def settled(self, work: Callable[[], T]) -> T:
        """Do something in a transaction; again, where another one got in its way.

        Inside of a transaction it is done once: what collides there undoes the whole of it.
        Raises `Collision` when it has been tried `TRIES` times.
        """
        tries = 1 if self._connection().depth else TRIES
        for _ in range(tries - 1):
            with contextlib.suppress(Collision), self.transaction():
                return work()
        with self.transaction():
            return work()

    def after_commit(self, action: Callable[[], None]) -> None:
        """Do something once the transaction that goes on is committed; never, if it isn't.

        Outside of a transaction it is done at once.
        """
        connection = self._connection()
        if connection.depth:
            connection.afterwards.append(action)
        else:
            action()

    def raise_revision(self) -> None:
        """Tell every process that portals, applications, tokens or bindings have changed."""
        self.run(_raise_revision)
        self._connection().revision = None

    def raise_growth(self) -> None:
        """Tell every process that there is more: a new portal. What they know stays true."""
        self.run(_raise_growth)
        self._connection().revision = None

    def revision(self) -> Revision:
        """What changes with each `raise_revision` and `raise_growth`, by whomever. Cheap to ask."""
        connection = self._connection()
        if self.is_sqlite:
            others_wrote = not connection.looked and self._look(connection)
            if connection.revision is not None and not others_wrote:
                return connection.revision
        (growth,), (changes,) = self._read_again(_read_revision)
        connection = self._connection()
        connection.revision = Revision(int(changes), int(growth))
        return connection.revision

    def look_once(self, soon: Soon) -> None:
        """Let this thread ask but once for what came in before it asked.

        `soon` does something before anything that comes in later: an event loop's `call_soon`.
        """
        if self.is_sqlite:  # another database isn't asked, nor connected to for nothing
            self._connection().soon = soon

    def _look(self, connection: Connection) -> bool:
        """Whether others have written since this thread looked last."""
        version = connection.driver.execute("PRAGMA data_version").fetchone()[0]
        if connection.soon:
            connection.looked = True
            connection.soon(connection.look_again)
        if version == connection.data_version:
            return False
        connection.data_version = version
        return True

    def others_wrote(self) -> int | None:
        """What changes whenever another thread or process has written anything; None: unknown.

        Cheap to ask. Only SQLite knows.
        """
        if not self.is_sqlite:
            return None
        return int(self._connection().driver.execute("PRAGMA data_version").fetchone()[0])

    def remembered(self) -> dict[object, float] | None:
        """What this thread may remember of rows until anybody writes; None: nobody would tell.

        It is emptied where the thread has written since it was asked last, and where somebody else
        had when `revision()` was asked last. Nothing is to be remembered within a transaction.
        """
        connection = self._connection()
        if not self.is_sqlite or connection.depth or connection.data_version is None:
            return None
        at = (connection.data_version, connection.driver.total_changes)
        if at != connection.remembered_at:
            connection.remembered, connection.remembered_at = {}, at
        return connection.remembered

    def close(self) -> None:
        """Close every thread's connection."""
        for connection in self._connections:
            connection.driver.close()
        self._connections.clear()
        self._local = threading.local()
        self._engine.dispose()

    def _read_again(self, statement: Statement) -> list[Row]:
        """Rows; by a new connection where the old one was cut while nobody used it."""
        try:
            return self.run(statement)
        except StorageError:
            if getattr(self._local, "connection", None) is not None:
                raise
            return self.run(statement)

    def _execute(self, statement: Statement, parameters: dict[str, Any]) -> Any:
        compiled = statement.compiled(self.dialect)
        values = compiled.bound(parameters)
        driver = self._connection().driver
        try:
            return driver.execute(compiled.text, values)
        except self._failure as error:
            if not self.is_sqlite and "NUL" in str(error):  # said before anything was sent
                shown = {name: _shown(each) for name, each in values.items()}
                return driver.execute(compiled.text, shown)
            raise self._refusal(error) from error

    def _refusal(self, error: Exception) -> StorageError:
        self._leave_if_cut()
        collided = isinstance(error, self._clash) or getattr(error, "sqlstate", "") in DEADLOCKS
        return Collision(str(error)) if collided else StorageError(str(error))

    def _plain(self, connection: Connection, text: str) -> None:
        try:
            connection.driver.execute(text)
        except self._failure as error:
            self._leave_if_cut()
            raise StorageError(str(error)) from error

    def _leave_if_cut(self) -> None:
        """Let the thread connect anew, outside of a transaction, if the server has hung up."""
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection and not connection.depth and getattr(connection.driver, "closed", False):
            self._connections.remove(connection)
            self._local.connection = None

    def _end(self, connection: Connection, how: str) -> None:
        connection.revision = None if how == "ROLLBACK" else connection.revision
        try:
            self._plain(connection, how)
        except StorageError:
            if how == "COMMIT":  # a commit that failed leaves the transaction open
                with contextlib.suppress(self._failure):  # or there is no connection any more
                    connection.driver.rollback()
                raise

    def _connection(self) -> Connection:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = Connection(self._connect())
            self._connections.append(connection)
        return connection

    def _connect(self) -> Any:
        try:
            pooled = self._engine.raw_connection()
        except DBAPIError as error:
            raise StorageError(str(error.orig)) from error
        driver: Any = pooled.driver_connection
        pooled.detach()
        if self.is_sqlite:
            driver.execute(f"PRAGMA synchronous = {'NORMAL' if self._durable else 'OFF'}")
        return driver


def _shown(value: Any) -> Any:
    """Text that PostgreSQL can hold: the symbol for NUL in place of NUL."""
    if isinstance(value, str):
        return value.replace("\0", "\u2400")
    return [_shown(each) for each in value] if isinstance(value, list) else value
