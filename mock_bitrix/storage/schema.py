"""The tables. Times are seconds since 1970, yes and no 1 and 0, lists and maps JSON text."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

VERSION = 4
"""Counts up with each change of a table; a database of another version is refused."""

metadata = MetaData()

# Text is compared byte by byte on every database.
_text = Text().with_variant(Text(collation="C"), "postgresql")
_big = BigInteger().with_variant(Integer, "sqlite")

meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

FIXED_META = ("version", "revision", "growth")
"""The keys of the table `meta` that are the database's own: no new start forgets them."""

counters = Table(
    "counters",
    metadata,
    Column("portal_id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(64), primary_key=True),
    Column("value", _big, nullable=False),
)

portals = Table(
    "portals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("domain", String(255), nullable=False, unique=True),
    Column("member_id", String(32), nullable=False, unique=True),
    Column("timezone", String(64), nullable=False),
    Column("license", String(64), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("expires_in", Integer, nullable=False),
    Column("retention", _big, nullable=False),
    Column("operating_cost", Text, nullable=False),
    Column("features", Text, nullable=False),
    Column("switches", Text, nullable=False),
    Column("seed", Text),
    Column("clock_offset", Float(53), nullable=False, default=0.0),
    Column("clock_frozen_at", Float(53)),
    Column("extra", Text, nullable=False),
    sqlite_autoincrement=True,
)

users = Table(
    "users",
    metadata,
    Column("portal_id", Integer, primary_key=True, autoincrement=False),
    Column("id", _big, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("last_name", Text, nullable=False),
    Column("admin", Integer, nullable=False),
    Column("active", Integer, nullable=False),
    Column("extra", Text, nullable=False),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("portal_id", Integer, nullable=False, index=True),
    Column("user_id", _big, nullable=False),
    Column("secret", String(255), nullable=False, unique=True),
    Column("scope", Text, nullable=False),
    sqlite_autoincrement=True,
)

applications = Table(
    "applications",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("portal_id", Integer, nullable=False),
    Column("client_id", String(255), nullable=False, index=True),
    Column("client_secret", String(255), nullable=False),
    Column("application_token", String(255), nullable=False),
    Column("name", Text, nullable=False),
    Column("status", String(1), nullable=False),
    Column("version", Integer, nullable=False),
    Column("installed", Integer, nullable=False),
    Column("active", Integer, nullable=False),
    Column("payment_expired", Integer, nullable=False),
    Column("access", Text),
    Column("scope", Text, nullable=False),
    Column("redirect_uri", Text),
    Column("handler_url", Text),
    Column("install_url", Text),
    Column("options", Text, nullable=False),
    UniqueConstraint("portal_id", "client_id"),
    sqlite_autoincrement=True,
)

user_options = Table(
    "user_options",
    metadata,
    Column("portal_id", Integer, nullable=False, index=True),
    Column("application_id", Integer, primary_key=True, autoincrement=False),
    Column("user_id", _big, primary_key=True, autoincrement=False),
    Column("options", Text, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("access_token", String(255), primary_key=True),
    Column("refresh_token", String(255), unique=True),
    Column("portal_id", Integer, nullable=False, index=True),
    Column("application_id", Integer, nullable=False, index=True),
    Column("user_id", _big, nullable=False),
    Column("expires", Float(53)),
    Column("refresh_expires", Float(53)),
)

codes = Table(
    "codes",
    metadata,
    Column("code", String(255), primary_key=True),
    Column("portal_id", Integer, nullable=False, index=True),
    Column("application_id", Integer, nullable=False),
    Column("user_id", _big, nullable=False),
    Column("expires", Float(53), nullable=False),
)

bindings = Table(
    "bindings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("portal_id", Integer, nullable=False),
    Column("application_id", Integer, nullable=False),  # 0: an outgoing webhook
    Column("event", String(255), nullable=False),
    Column("handler", Text, nullable=False),  # "": offline
    Column("user_id", _big, nullable=False),
    Column("connector", String(100), nullable=False),
    Column("options", Text, nullable=False),
    Column("application_token", String(255)),  # of an outgoing webhook
    UniqueConstraint("portal_id", "application_id", "event", "handler", "user_id", "connector"),
    sqlite_autoincrement=True,
)

queue = Table(
    "queue",
    metadata,
    Column("seq", _big, primary_key=True),
    Column("portal_id", Integer, nullable=False),
    Column("application_id", Integer, nullable=False),
    Column("connector", _text, nullable=False),
    Column("id", _big, nullable=False),
    Column("event", _text, nullable=False),
    Column("data", Text, nullable=False),
    Column("additional", Text, nullable=False),
    Column("message_id", _text, nullable=False),
    Column("timestamp", _big, nullable=False),
    Column("written", Float(53), nullable=False),
    Column("process_id", _text, nullable=False),
    Column("reserved_at", Float(53)),
    Column("error", Integer, nullable=False),
    Index(
        "queue_key",  # protocol D.8; on SQLite see messages.py
        "message_id",
        "application_id",
        "connector",
        "process_id",
        unique=True,
    ).ddl_if(dialect="postgresql"),
    Index(
        "queue_default_order",
        "application_id",
        "connector",
        "process_id",
        "error",
        "timestamp",
        "id",
    ),
    Index(
        "queue_events",  # a take of one event: the default order within it
        "application_id",
        "connector",
        "process_id",
        "error",
        "event",
        "timestamp",
        "id",
    ),
    Index("queue_ids", "portal_id", "id", unique=True),
)

queue_blocks = Table(  # triggers fill it: see blocks.py
    "queue_blocks",
    metadata,
    Column("portal_id", Integer, primary_key=True, autoincrement=False),
    Column("block", _big, primary_key=True, autoincrement=False),
    Column("lowest", _big, nullable=False),
    sqlite_with_rowid=False,
)

notices = Table(
    "notices",
    metadata,
    Column("portal_id", Integer, nullable=False, index=True),
    Column("binding_id", Integer, primary_key=True, autoincrement=False),
    Column("timeout", _big, primary_key=True, autoincrement=False),
    Column("sent", Float(53), nullable=False),
)

faults = Table(
    "faults",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("portal_id", Integer, nullable=False, index=True),
    Column("fault", String(64), nullable=False),
    Column("method", Text, nullable=False),
    Column("times", Integer),  # null: for ever
    Column("probability", Float(53), nullable=False),
    Column("delay", Float(53), nullable=False),
    Column("moment", String(8), nullable=False),
    Column("struck", Integer, nullable=False),
    sqlite_autoincrement=True,
)

request_levels = Table(
    "request_levels",
    metadata,
    Column("portal_id", Integer, primary_key=True, autoincrement=False),
    Column("source", String(64), primary_key=True),
    Column("level", Float(53), nullable=False),
    Column("at", Float(53), nullable=False),
)

operating = Table(
    "operating",
    metadata,
    Column("portal_id", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    Column("bucket", _big, primary_key=True, autoincrement=False),
    Column("first", Float(53), nullable=False),
    Column("spent", Float(53), nullable=False),
)

entities = Table(
    "entities",
    metadata,
    Column("portal_id", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(64), primary_key=True),
    Column("id", _big, primary_key=True, autoincrement=False),
    Column("code", _text, nullable=False),  # of a kind whose entities have codes, as currencies
    Column("touched", Float(53)),  # when it was last changed, as its own field says
    Column("data", Text, nullable=False),
    Index("entities_touched", "portal_id", "kind", "touched"),
)

frames = Table(
    "frames",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("app_sid", String(32), nullable=False, unique=True),
    Column("portal_id", Integer, nullable=False, index=True),
    Column("application_id", Integer, nullable=False),
    Column("user_id", _big, nullable=False),
    Column("placement", Text, nullable=False),
    Column("placement_options", Text, nullable=False),
    Column("access_token", String(255), nullable=False),
    Column("refresh_token", String(255), nullable=False),
    Column("expires", Float(53), nullable=False),
    sqlite_autoincrement=True,
)

launches = Table(
    "launches",
    metadata,
    Column("portal_id", Integer, nullable=False, index=True),
    Column("application_id", Integer, primary_key=True, autoincrement=False),
    Column("user_id", _big, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
)

forgotten = Table(
    "forgotten",
    metadata,
    Column("portal_id", Integer, primary_key=True, autoincrement=False),
    Column("until", _big, nullable=False),
)

OF_PORTALS = (
    counters,
    queue_blocks,
    queue,
    forgotten,
    frames,
    launches,
    entities,
    faults,
    request_levels,
    operating,
    notices,
    bindings,
    codes,
    tokens,
    user_options,
    applications,
    webhooks,
    users,
)
"""The tables whose rows belong to a portal, by their column `portal_id`.

First those that a writer of the queue locks, in its order: who deletes in this order neither
blocks it nor leaves a row of it behind without its block.
"""

DERIVED = (queue_blocks,)
"""Those of them that the database fills by itself."""


processes = Table(
    "processes",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("seen", Float(53), nullable=False),
    Column("asked", _big, nullable=False),
    Column("told", _big, nullable=False),
    Column("metrics", Text, nullable=False),
)

journal = Table(
    "journal",
    metadata,
    Column("process", String(32), primary_key=True),
    Column("id", _big, primary_key=True, autoincrement=False),
    Column("portal_id", Integer, nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("method", Text, nullable=False),
    Column("entry", Text, nullable=False),
)


def _copy_of(table: Table, *more: Column[float]) -> Table:
    columns = [Column(column.name, column.type) for column in table.columns]
    return Table(f"start_{table.name}", metadata, *columns, *more)


# The last lines of this file: every table above has its copy.
START_PORTALS = _copy_of(portals, Column("kept_at", Float(53)))
START = {table: _copy_of(table) for table in OF_PORTALS if table not in DERIVED}
"""What the portals were like when the server was first started: a reset puts it back."""
