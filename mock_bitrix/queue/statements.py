"""All SQL of the queue."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    Select,
    Text,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    null,
    select,
    update,
)

from mock_bitrix.queue import filters
from mock_bitrix.queue.selection import OrderBy
from mock_bitrix.storage import schema
from mock_bitrix.storage.arrays import among
from mock_bitrix.storage.blocks import lowest_time
from mock_bitrix.storage.messages import having
from mock_bitrix.storage.statement import Statement, insert_into

q = schema.queue.c
_first = schema.queue.alias("first").c
COLUMNS = (q.seq, q.id, q.timestamp, q.event, q.data, q.additional, q.message_id)
Shape = tuple[tuple[str, str], ...]


def _number(name: str) -> Any:
    return bindparam(name, type_=Integer() if name == "error" else q.seq.type)


def _of_box() -> tuple[ColumnElement[bool], ...]:
    """Rows of the application under the connector."""
    return (
        q.portal_id == bindparam("portal_id", type_=Integer()),
        q.application_id == bindparam("application_id", type_=Integer()),
        q.connector == bindparam("connector", type_=Text()),
    )


def _in_box() -> tuple[ColumnElement[bool], ...]:
    """The same, but for the expired ones: they are invisible until they are swept."""
    return (*_of_box(), q.written > bindparam("dead", type_=Float(53)))


def _of_process(name: str = "process_id") -> ColumnElement[bool]:
    return q.process_id == bindparam(name, type_=Text())


def _visible() -> ColumnElement[bool]:
    return q.written <= bindparam("visible", type_=Float(53))


@lru_cache(maxsize=1024)
def reading(shape: Shape, order: tuple[OrderBy, ...], *, locking: bool, delayed: bool) -> Statement:
    """Rows of one process (the empty one: free rows) in one error state.

    Parameters: the box, `process_id`, `error`, `limit`, a value `c0`, `c1`… for each term.
    `locking` claims the rows for this transaction and passes over those of another one.
    """

    def build(dialect: str) -> Select[Any]:
        found = select(*COLUMNS).where(
            *_in_box(),
            _of_process(),
            q.error == _number("error"),
            *([_visible()] if delayed else []),
            *_in_time(shape, order, dialect),
            *_terms(shape, dialect),
        )
        found = found.order_by(*_keys(order)).limit(_number("limit"))
        return found.with_for_update(skip_locked=True) if locking else found

    return Statement(build)


@lru_cache(maxsize=1024)
def listing(shape: Shape, order: tuple[OrderBy, ...], *, delayed: bool) -> Statement:
    """Rows in whatever state. Parameters: the box, `limit`, `offset`, the terms' values."""
    return Statement(
        lambda dialect: (
            select(*COLUMNS, q.process_id, q.error)
            .where(*_in_box(), *([_visible()] if delayed else []), *_terms(shape, dialect))
            .order_by(*_keys(order))
            .limit(_number("limit"))
            .offset(_number("offset"))
        )
    )


@lru_cache(maxsize=1024)
def counting(shape: Shape, *, delayed: bool) -> Statement:
    """How many rows `listing` has in all."""
    return Statement(
        lambda dialect: select(func.count()).where(
            *_in_box(), *([_visible()] if delayed else []), *_terms(shape, dialect)
        )
    )


def _terms(shape: Shape, dialect: str) -> list[ColumnElement[bool]]:
    return [
        condition
        for number, (field, kind) in enumerate(shape)
        for condition in _term(filters.Term(field, kind), f"c{number}", dialect)
    ]


def _term(term: filters.Term, name: str, dialect: str) -> list[ColumnElement[bool]]:
    if term.field == "MESSAGE_ID" and term.kind in ("=", "in"):
        return having(dialect, lambda message_id: filters.sql(term, name, dialect, message_id))
    return [filters.sql(term, name, dialect)]


def _in_time(shape: Shape, order: tuple[OrderBy, ...], dialect: str) -> list[ColumnElement[bool]]:
    """What conditions on ids say about times, for an index in their order."""
    if [key.field for key in order[:1]] != ["TIMESTAMP_X"]:
        return []
    above = [
        q.timestamp >= _tightest(shape, ">", lowest_time(bound), dialect)
        for bound in _bounds(shape, "ID", ">")[:1]
    ]
    return above + [_some_below(shape, bound, dialect) for bound in _bounds(shape, "ID", "<")[:1]]


def _some_below(shape: Shape, bound: ColumnElement[Any], dialect: str) -> ColumnElement[bool]:
    """Whether the portal has an id as low: if not, no row is read to find that out."""
    of_portal = _first.portal_id == bindparam("portal_id", type_=Integer())
    lowest = select(func.min(_first.id)).where(of_portal).scalar_subquery()
    if dialect != "sqlite":
        return lowest <= bound
    # SQLite asks for each row what no column is part of, but for a bound of its index only once.
    latest = case((lowest <= bound, filters.LARGEST), else_=-filters.LARGEST)
    return q.timestamp <= _tightest(shape, "<", latest, dialect)


def _tightest(
    shape: Shape, side: str, bound: ColumnElement[Any], dialect: str
) -> ColumnElement[Any]:
    """SQLite ends an index at one of two bounds, not at the tighter one."""
    asked = _bounds(shape, "TIMESTAMP_X", side)
    if not asked or dialect != "sqlite":
        return bound
    return (func.max if side == ">" else func.min)(asked[0], bound)


def _bounds(shape: Shape, field: str, side: str) -> list[ColumnElement[Any]]:
    kinds = [(field, side), (field, f"{side}=")]
    return [_number(f"c{number}") for number, each in enumerate(shape) if each in kinds]


def _keys(order: tuple[OrderBy, ...]) -> list[ColumnElement[Any]]:
    keys = [
        filters.COLUMNS[key.field].desc() if key.descending else filters.COLUMNS[key.field].asc()
        for key in order
    ]
    return [*keys, q.id.asc()]  # protocol question 4


# In order, though nobody asks for one: else PostgreSQL may look for a first row in the whole table,
# where a queue that was emptied has left its dead ones.
_BY_INDEX = (q.timestamp, q.id)

any_free = Statement(
    select(q.seq)
    .where(*_in_box(), _of_process(), q.error == _number("error"))
    .order_by(*_BY_INDEX)
    .limit(literal_column("1"))
)

count_free = Statement(
    select(func.count()).select_from(
        select(q.seq)
        .where(*_in_box(), _of_process(), q.error == _number("error"))
        .order_by(*_BY_INDEX)
        .limit(_number("limit"))
        .subquery()
    )
)

mark = Statement(
    lambda dialect: (
        update(schema.queue)
        .where(among(dialect, q.seq, "seqs"))
        .values(process_id=bindparam("process_id"), reserved_at=bindparam("now"))
    )
)

remove = Statement(lambda dialect: delete(schema.queue).where(among(dialect, q.seq, "seqs")))

remove_neighbours = Statement(
    delete(schema.queue).where(q.seq.between(_number("first"), _number("last")))
)

clear_process = Statement(delete(schema.queue).where(*_in_box(), _of_process(), _visible()))


def _listed(dialect: str) -> list[ColumnElement[bool]]:
    return having(dialect, lambda message_id: among(dialect, message_id, "message_ids"))


clear_messages = Statement(
    lambda dialect: delete(schema.queue).where(
        *_in_box(), _of_process(), _visible(), *_listed(dialect)
    )
)

clear_ids = Statement(
    lambda dialect: delete(schema.queue).where(
        *_in_box(), _of_process(), _visible(), among(dialect, q.id, "ids")
    )
)

delete_twins = Statement(  # protocol E.3 step 1
    lambda dialect: (
        delete(schema.queue)
        .where(
            *_of_box(),
            *_listed(dialect),
            q.error == 0,
            q.process_id != bindparam("process_id", type_=Text()),
        )
        .returning(q.message_id)
    )
)

_batch = schema.queue.alias("batch").c

delete_failed_twins = Statement(  # protocol question 8: one row stays
    lambda dialect: delete(schema.queue).where(
        *_of_box(),
        *_listed(dialect),
        q.error == 1,
        q.process_id == "",
        q.message_id.in_(
            select(_batch.message_id).where(
                _batch.application_id == bindparam("application_id", type_=Integer()),
                _batch.connector == bindparam("connector", type_=Text()),
                _batch.process_id == bindparam("process_id", type_=Text()),
                _batch.error == 0,
                _batch.written > bindparam("dead", type_=Float(53)),
            )
        ),
    )
)

mark_failed = Statement(  # protocol E.3 step 2
    lambda dialect: (
        update(schema.queue)
        .where(*_in_box(), *_listed(dialect), q.error == 0, _of_process())
        .values(error=1, process_id=literal_column("''"), reserved_at=null())
        .returning(q.message_id)
    )
)


def _alike(dialect: str) -> list[ColumnElement[bool]]:
    return having(dialect, lambda message_id: message_id == bindparam("key", type_=Text()))


refresh = Statement(  # protocol D.8: id and error stay
    lambda dialect: (
        update(schema.queue)
        .where(*_in_box(), _of_process("free"), *_alike(dialect))
        .values(
            timestamp=bindparam("timestamp"),
            written=bindparam("written"),
            data=bindparam("data"),
            additional=bindparam("additional"),
        )
        .returning(q.id)
    )
)

delete_expired_twin = Statement(  # it would be swept anyway
    lambda dialect: delete(schema.queue).where(
        *_of_box(),
        _of_process("free"),
        *_alike(dialect),
        q.written <= bindparam("dead", type_=Float(53)),
    )
)

_ROW: dict[str, Any] = {column.name: bindparam(column.name) for column in q if column is not q.seq}
KEY = ("message_id", "application_id", "connector", "process_id")


def _same_key(dialect: str) -> Select[Any]:
    """The row with a key. Parameters: its parts."""
    message_id, *others = (bindparam(name, type_=q[name].type) for name in KEY)
    return select(q.id).where(
        *having(dialect, lambda column: column == message_id),
        *(q[part.key] == part for part in others),
    )


same_key = Statement(_same_key)

_REFRESHED = ("timestamp", "written", "data", "additional")


def _insert(dialect: str) -> Any:
    """A new row; where another writer was quicker, as only on PostgreSQL, that one's, refreshed."""
    row = insert_into(dialect, schema.queue).values(_ROW)
    if dialect != "sqlite":
        given = {name: row.excluded[name] for name in _REFRESHED}
        row = row.on_conflict_do_update(index_elements=KEY, set_=given)
    return row.returning(q.id)


insert = Statement(_insert)
insert_as_is = Statement(schema.queue.insert().values(_ROW))

_dead = (
    q.portal_id == bindparam("portal_id", type_=Integer()),
    q.written <= bindparam("dead", type_=Float(53)),
)
any_dead = Statement(select(q.seq).where(*_dead).limit(1))
sweep = Statement(delete(schema.queue).where(*_dead))
