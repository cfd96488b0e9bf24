"""A replica that stops in the middle of a take: its rows are locked, nothing is written yet.

`python -m tests.proof.stalled DATABASE MEMBER_ID SECONDS` says `locked` once it is there, and
stays, until PostgreSQL undoes what it did, after so many seconds.
"""

from __future__ import annotations

import sys
import time
from typing import Any
from unittest.mock import patch

from mock_bitrix.portal.directory import Directory
from mock_bitrix.profiles import switches_of
from mock_bitrix.queue.queue import Box, Queue
from mock_bitrix.queue.selection import Selection
from mock_bitrix.storage import engines
from mock_bitrix.storage.opening import open_database


def stop(_queue: Queue, rows: list[Any], *_: Any, **__: Any) -> None:
    """What happens between the lock and the mark: nothing, for ever."""
    print("locked", *(row.id for row in rows), flush=True)  # noqa: T201
    time.sleep(3600)


def main(url: str, member_id: str, seconds: str) -> None:
    """Take three rows, as a server does, and get as far as the lock."""
    engines.STALLED = int(seconds)
    database = open_database(url)
    directory = Directory(database, lambda: switches_of("docs")).revised()
    portal = directory.by_member_id(member_id)
    assert portal is not None
    box = Box(portal, directory.applications(portal)[0].id, "")
    with patch.object(Queue, "_on", stop):
        Queue(database, box).take(Selection(limit=3), keep=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
