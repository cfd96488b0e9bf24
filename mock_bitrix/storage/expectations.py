"""What SQLite should expect of the queue, so that its plans fit a large one from the first row.

Without statistics it takes every index for selective, and reads a million free rows to find one id.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

QUEUE_INDEXES = {
    "queue_ids": "1000000 500000 1",
    "queue_default_order": "1000000 500000 500000 200000 200000 20 1",
    "queue_events": "1000000 500000 500000 200000 200000 50000 20 1",
}
"""For each index: rows in all, then rows alike in its first column, its first two, and so on."""

_WRITE = text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('queue', :name, :sizes)")


def expect_a_large_queue(connection: Connection) -> None:
    """Give a new SQLite database the statistics of a queue of a million rows."""
    connection.execute(text("ANALYZE"))
    connection.execute(text("DELETE FROM sqlite_stat1 WHERE tbl = 'queue'"))
    connection.execute(_WRITE, [{"name": n, "sizes": s} for n, s in QUEUE_INDEXES.items()])
