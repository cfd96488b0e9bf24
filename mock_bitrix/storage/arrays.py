"""Lists as one parameter: `column IN (list)` without a placeholder for each element."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Integer,
    Text,
    any_,
    bindparam,
    column,
    func,
    select,
)

from mock_bitrix.storage.database import Database


def among(dialect: str, what: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """The condition that `what` is one of the elements of parameter `name`."""
    if dialect == "sqlite":
        elements = func.json_each(bindparam(name, type_=Text())).table_valued(column("value"))
        return what.in_(select(elements.c.value))
    element = BigInteger() if isinstance(what.type, Integer) else Text()
    return what == any_(_array(name, element))


def like_any(dialect: str, what: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """The condition that `what` matches one of the patterns of parameter `name`."""
    if dialect == "sqlite":
        patterns = func.json_each(bindparam(name, type_=Text())).table_valued(column("value"))
        return select(1).where(what.like(patterns.c.value, escape="\\")).exists()
    return what.like(any_(_array(name, Text())))  # the backslash is its default


def _array(name: str, element: BigInteger | Text) -> BindParameter[Any]:
    from sqlalchemy.dialects.postgresql import ARRAY  # nobody pays for it on SQLite

    return bindparam(name, type_=ARRAY(element))


def packed(database: Database, values: Sequence[int] | Sequence[str]) -> object:
    """A list in the form in which the database takes it as a parameter of `among`."""
    if database.is_sqlite:
        return orjson.dumps(list(values)).decode()
    return [value for value in values if isinstance(value, int) or "\0" not in value]
