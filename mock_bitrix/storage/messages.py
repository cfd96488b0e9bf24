"""Which rows have a message id: on SQLite by a table, on PostgreSQL by an index.

Message ids are random: the fifty rows of a take lie on fifty pages of any index of them, and an
index of SQLite gives up each row at once. This table gives them up as PostgreSQL's indexes do: a
row that comes enters it, a row that goes leaves its entry behind, and `tidy` removes those later,
many on a page. So who finds an entry asks the row, too, whether it is there and has that message.

Triggers keep the table, so that nobody who writes rows can forget it, and hold what PostgreSQL's
index `queue_key` holds: no two rows have the same key (protocol D.8).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    delete,
    func,
    not_,
    select,
)

from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement

PORTION = 500
"""Entries that are looked at in one go: nobody has to wait for longer than about a millisecond."""

AT_ONCE = 100
"""Portions in one tidying."""

_entries = Table(
    "queue_messages",
    MetaData(),
    Column("message_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
_e, _q = _entries.c, schema.queue.c

AboutMessage = Callable[[ColumnElement[Any]], ColumnElement[bool]]


def having(dialect: str, condition: AboutMessage) -> list[ColumnElement[bool]]:
    """Rows whose message id meets a condition that names it: looked up, not searched for."""
    asked = condition(_q.message_id)
    if dialect != "sqlite":
        return [asked]
    return [_q.seq.in_(select(_e.seq).where(condition(_e.message_id))), asked]


def keep_messages(connection: Connection) -> None:
    """Make the table and the triggers of a new SQLite database."""
    _entries.create(connection)
    for statement in _TRIGGERS:
        connection.exec_driver_sql(statement)


_OF_ROW = "SELECT 1 FROM queue AS q WHERE q.seq = queue_messages.seq AND q.message_id ="
_TWIN = (
    "queue_messages AS e JOIN queue AS q ON q.seq = e.seq WHERE e.message_id = NEW.message_id "
    "AND q.message_id = NEW.message_id AND q.application_id = NEW.application_id "
    "AND q.connector = NEW.connector AND q.process_id = NEW.process_id"
)
_REFUSE = f"SELECT RAISE(ABORT, 'two rows with the same key') FROM {_TWIN}"
_ENTER = "INSERT OR IGNORE INTO queue_messages (message_id, seq) VALUES (NEW.message_id, NEW.seq);"
_TRIGGERS = (
    # Also forgets rows of this message that are gone: else one that comes and goes for hours
    # would leave as many entries, and each new row would be looked for among them.
    (
        "CREATE TRIGGER queue_message_comes BEFORE INSERT ON queue FOR EACH ROW "
        "WHEN EXISTS (SELECT 1 FROM queue_messages WHERE message_id = NEW.message_id) "
        "BEGIN DELETE FROM queue_messages WHERE message_id = NEW.message_id "
        f"AND NOT EXISTS ({_OF_ROW} NEW.message_id); {_REFUSE}; END"
    ),
    f"CREATE TRIGGER queue_message_came AFTER INSERT ON queue FOR EACH ROW BEGIN {_ENTER} END",
    (
        "CREATE TRIGGER queue_message_changed AFTER UPDATE OF message_id ON queue FOR EACH ROW "
        f"BEGIN {_ENTER} END"
    ),
    (
        "CREATE TRIGGER queue_message_freed AFTER UPDATE OF message_id, process_id ON queue "
        f"FOR EACH ROW WHEN NEW.process_id = '' BEGIN {_REFUSE} AND q.seq <> NEW.seq; END"
    ),
)

_next = (
    select(_e.message_id)
    .where(_e.message_id > bindparam("after", type_=Text()))
    .order_by(_e.message_id)
    .limit(PORTION)
    .subquery()
)
_end = Statement(select(func.max(_next.c.message_id)))
_of_entry = select(1).where(_q.seq == _e.seq, _q.message_id == _e.message_id)
_gone = (  # of all entries of the last message, too: a portion may end among them
    _e.message_id > bindparam("after", type_=Text()),
    _e.message_id <= bindparam("upto", type_=Text()),
    not_(_of_entry.correlate(_entries).exists()),
)
_any_gone = Statement(select(_e.seq).where(*_gone).limit(1))
_forget = Statement(delete(_entries).where(*_gone))


def tidy(database: Database, after: str = "") -> str:
    """Forget entries whose rows are gone, a part of them each time; give where to go on."""
    for _ in range(AT_ONCE if database.is_sqlite else 0):
        [(upto,)] = database.run(_end, after=after)
        if upto is None:
            return ""
        if database.run(_any_gone, after=after, upto=upto):  # looking needs no lock
            database.change(_forget, after=after, upto=upto)
        after = upto
    return after
