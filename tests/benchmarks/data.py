"""Databases with many demo-sized rows, and what raw `sqlite3` does with the same table."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from mock_bitrix.portal.document import Document
from mock_bitrix.portal.loading import install
from mock_bitrix.queue.message_id import message_id
from mock_bitrix.storage.opening import open_database

TOKEN = "bench.admin.token"
PORTAL = {
    "portal": {"domain": "bench.bitrix24.test"},
    "apps": [{"client_id": "local.bench", "tokens": [{"access_token": TOKEN, "user": 1}]}],
}
COLUMNS = (
    "portal_id, application_id, connector, id, event, data, additional, message_id, "
    "timestamp, written, process_id, reserved_at, error"
)
INSERT = f"INSERT INTO queue ({COLUMNS}) VALUES ({', '.join('?' * 13)})"


def rows(count: int, now: float) -> Iterator[tuple[object, ...]]:
    """Rows as the table has them: leads that were added, one a second."""
    for number in range(1, count + 1):
        data = f'{{"FIELDS":{{"ID":{number}}}}}'
        key = message_id("ONCRMLEADADD", {"FIELDS": {"ID": number}})
        stamp = int(now) - count + number
        yield (
            1, 1, "", number, "ONCRMLEADADD", data, '{"user_id":"1"}', key, stamp, now, "", None, 0,
        )  # fmt: skip


def lines(count: int) -> Iterator[str]:
    """The same as JSON Lines."""
    for number in range(1, count + 1):
        row = {
            "client_id": "local.bench",
            "event": "ONCRMLEADADD",
            "data": {"FIELDS": {"ID": number}},
            "additional": {"user_id": "1"},
        }
        yield json.dumps(row) + "\n"


def database(file: Path, count: int) -> str:
    """A database file with a portal and `count` rows; gives its URL."""
    url = f"sqlite:///{file}"
    opened = open_database(url)
    install(opened, Document.model_validate(PORTAL))
    opened.close()
    with sqlite3.connect(file) as raw:
        raw.executemany(INSERT, rows(count, time.time()))
    raw.close()
    return url


def use_plain_index(raw: sqlite3.Connection) -> None:
    """Make the queue a table that SQLite keeps by itself: no triggers, but the index of its key."""
    for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")
    key = "message_id, application_id, connector, process_id"
    raw.execute(f"CREATE UNIQUE INDEX queue_key ON queue ({key})")


CANDIDATES = (
    "SELECT seq, id, timestamp, event, data, additional, message_id FROM queue "
    "WHERE application_id = 1 AND connector = '' AND process_id = '' AND error = 0 "
    "ORDER BY timestamp, id LIMIT 50"
)


def _connect(file: Path) -> sqlite3.Connection:
    raw = sqlite3.connect(file, isolation_level=None)
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("PRAGMA synchronous = NORMAL")
    return raw


def raw_drain(file: Path, stop_after: int) -> float:
    """Rows a second of a loop that claims 50 rows and deletes them."""
    raw, taken, begun = _connect(file), 0, time.perf_counter()
    while taken < stop_after:
        raw.execute("BEGIN IMMEDIATE")
        claimed = raw.execute(CANDIDATES).fetchall()
        raw.executemany("DELETE FROM queue WHERE seq = ?", [row[:1] for row in claimed])
        raw.execute("COMMIT")
        taken += len(claimed)
        if not claimed:
            break
    took = time.perf_counter() - begun
    raw.close()
    return taken / took


def raw_confirm(file: Path, stop_after: int) -> float:
    """Rows a second of a loop that reserves 50 rows, then deletes what it has reserved."""
    raw, taken, begun = _connect(file), 0, time.perf_counter()
    while taken < stop_after:
        process = f"p{taken}"
        raw.execute("BEGIN IMMEDIATE")
        claimed = raw.execute(CANDIDATES).fetchall()
        marks = [(process, row[0]) for row in claimed]
        raw.executemany("UPDATE queue SET process_id = ? WHERE seq = ?", marks)
        raw.execute("COMMIT")
        raw.execute(
            "DELETE FROM queue WHERE application_id = 1 AND connector = '' AND process_id = ?",
            (process,),
        )
        taken += len(claimed)
        if not claimed:
            break
    took = time.perf_counter() - begun
    raw.close()
    return taken / took
