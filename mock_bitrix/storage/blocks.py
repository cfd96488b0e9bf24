"""The lowest time of each block of row ids: where a take that asks for later ids can begin.

Ids and times need not rise together, so `>=ID` alone says nothing about times, and a take in the
order of times would walk over all older rows. Triggers keep the table, so that nobody who writes
rows can forget it. A bound is never raised: deleting rows or giving them a later time leaves it
true. It goes with its portal, after everybody who relies on it (see `schema.OF_PORTALS`).
"""

from __future__ import annotations

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    ScalarSelect,
    bindparam,
    func,
    literal_column,
    select,
)

from mock_bitrix.storage import schema

SHIFT = 10
"""A block has 2 to the power of this many ids."""

_b = schema.queue_blocks.c


def lowest_time(identifier: ColumnElement[int]) -> ScalarSelect[int]:
    """No row of the portal with this id or a higher one is older. NULL: there is no such row."""
    block = identifier.op(">>")(literal_column(str(SHIFT)))
    return (
        select(func.min(_b.lowest))
        .where(_b.portal_id == bindparam("portal_id", type_=Integer()), _b.block >= block)
        .scalar_subquery()
    )


def keep_lowest_times(connection: Connection) -> None:
    """Make the triggers of a new database."""
    for statement in _TRIGGERS[connection.dialect.name]:
        connection.exec_driver_sql(statement)


_BLOCK = f"(NEW.portal_id, NEW.id >> {SHIFT}, NEW.timestamp)"
_COVERED = (
    f"SELECT 1 FROM queue_blocks WHERE portal_id = NEW.portal_id AND block = NEW.id >> {SHIFT} "
    "AND lowest <= NEW.timestamp"
)
_LOWER = (
    f"INSERT INTO queue_blocks (portal_id, block, lowest) VALUES {_BLOCK} "
    "ON CONFLICT (portal_id, block) DO UPDATE SET lowest = excluded.lowest "
    "WHERE excluded.lowest < queue_blocks.lowest;"
)
_MOVED = "(NEW.timestamp < OLD.timestamp OR NEW.id <> OLD.id OR NEW.portal_id <> OLD.portal_id)"
_ON_INSERT = "CREATE TRIGGER queue_row_written AFTER INSERT ON queue FOR EACH ROW"
_ON_UPDATE = (
    "CREATE TRIGGER queue_row_moved AFTER UPDATE OF portal_id, id, timestamp ON queue FOR EACH ROW"
)
_FUNCTION = f"""
CREATE FUNCTION queue_block_lower() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM ({_COVERED} FOR KEY SHARE) AS held; -- until the commit nobody deletes it
  IF NOT FOUND THEN {_LOWER} END IF;
  RETURN NULL;
END $$
"""
_TRIGGERS = {
    "sqlite": (
        f"{_ON_INSERT} WHEN NOT EXISTS ({_COVERED}) BEGIN {_LOWER} END",
        f"{_ON_UPDATE} WHEN {_MOVED} BEGIN {_LOWER} END",
    ),
    "postgresql": (
        _FUNCTION,
        f"{_ON_INSERT} EXECUTE FUNCTION queue_block_lower()",
        f"{_ON_UPDATE} WHEN {_MOVED} EXECUTE FUNCTION queue_block_lower()",
    ),
}
