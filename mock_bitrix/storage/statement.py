"""Statements: written with SQLAlchemy, compiled once, run on the driver itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

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


class Statement:
    """An SQL statement with named parameters.

    `clause` is a SQLAlchemy construct, or a function that makes one for a dialect's name. The text
    is compiled at first use and kept: a poll costs microseconds, not a compilation.
    """

    __slots__ = ("_clause", "_compiled")

    def __init__(self, clause: Built) -> None:
        self._clause = clause
        self._compiled: dict[str, tuple[str, dict[str, Any]]] = {}

    def compiled(self, dialect: Dialect) -> tuple[str, dict[str, Any]]:
        """The text for a dialect, and the values that the construct itself holds."""
        found = self._compiled.get(dialect.name)
        if found is None:
            clause = (
                self._clause
                if isinstance(self._clause, ClauseElement)
                else self._clause(dialect.name)
            )
            compiled = clause.compile(dialect=dialect)
            found = (str(compiled), {k: v for k, v in compiled.params.items() if v is not None})
            self._compiled[dialect.name] = found
        return found


class Positional(Statement):
    """An SQL statement whose parameters are given in order: for many rows, without names."""

    __slots__ = ()

    def compiled(self, dialect: Dialect) -> tuple[str, dict[str, Any]]:
        """The text for a dialect; no values of its own."""
        found = self._compiled.get(dialect.name)
        if found is None:
            style: Any = "qmark" if dialect.name == "sqlite" else "format"
            make: Any = type(dialect)
            positional = make(paramstyle=style)
            text, _ = Statement(self._clause).compiled(positional)
            found = self._compiled[dialect.name] = (text, {})
        return found
