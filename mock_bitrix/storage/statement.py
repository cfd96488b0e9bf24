"""Statements: written with SQLAlchemy, compiled once, run on the driver itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ClauseElement, Table
from sqlalchemy.engine import Dialect

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

    Insert = sqlite.Insert | postgresql.Insert

Built = ClauseElement | Callable[[str], ClauseElement]


def insert_into(dialect: str, table: Table) -> Insert:
    """An insert that can say what happens on a conflict."""
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)


class Compiled(NamedTuple):
    """A statement for a dialect: its text, and the values that the construct itself holds.

    `order`: the names of the values where the driver takes them one after the other, which is
    cheaper than by name; None where it takes them by name.
    """

    text: str
    fixed: dict[str, Any]
    order: tuple[str, ...] | None = None

    def bound(self, given: Mapping[str, Any]) -> Any:
        """The values as the driver takes them."""
        values = {**self.fixed, **given} if self.fixed else given
        return values if self.order is None else [values[name] for name in self.order]


class Statement:
    """An SQL statement with named parameters.

    `clause` is a SQLAlchemy construct, or a function that makes one for a dialect's name. The text
    is compiled at first use and kept: a poll costs microseconds, not a compilation.
    """

    __slots__ = ("_clause", "_compiled")

    def __init__(self, clause: Built) -> None:
        self._clause = clause
        self._compiled: dict[str, Compiled] = {}

    def compiled(self, dialect: Dialect) -> Compiled:
        """The statement for a dialect."""
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = self._compile(dialect)
        return found

    def _compile(self, dialect: Dialect) -> Compiled:
        built = self._clause
        clause = built if isinstance(built, ClauseElement) else built(dialect.name)
        compiled: Any = clause.compile(dialect=dialect)
        fixed = {name: value for name, value in compiled.params.items() if value is not None}
        order = tuple(compiled.positiontup) if compiled.positional else None
        return Compiled(str(compiled), fixed, order)


class Positional(Statement):
    """An SQL statement whose parameters are given in order: for many rows, without names."""

    __slots__ = ()

    def _compile(self, dialect: Dialect) -> Compiled:
        make: Any = type(dialect)
        style = "qmark" if dialect.name == "sqlite" else "format"
        return Compiled(super()._compile(make(paramstyle=style)).text, {})
