"""Workers that empty a queue over HTTP, each on a connection of its own, and what they saw."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from mock_bitrix.portal.document import Document
from mock_bitrix.portal.loading import install
from mock_bitrix.queue.statements import insert_as_is
from mock_bitrix.storage import schema
from mock_bitrix.storage.database import Database
from mock_bitrix.storage.statement import Statement
from tests.queue.desk import LEAD
from tests.queue.history import Step


@dataclass
class Worker:
    """One client: takes until nothing is left, and confirms what it reserved."""

    name: str
    url: str
    token: str

    def __post_init__(self) -> None:
        host = urlsplit(self.url)
        self._connection = http.client.HTTPConnection(str(host.hostname), host.port, timeout=60)
        self.refused: list[Any] = []

    def empty(self, limit: int, *, keep: bool) -> list[Step]:
        """Take until an answer has no records. What was refused is in `refused`."""
        history: list[Step] = []
        while not self.refused:
            taken = self._take(limit, keep)
            history.append(taken)
            if not taken.rows:
                break
            if keep:
                history.append(self._confirm(str(taken.process_id)))
        self._connection.close()
        return history

    def _take(self, limit: int, keep: bool) -> Step:
        start = time.perf_counter()
        result = self._call("event.offline.get", limit=limit, clear=0 if keep else 1)
        events = result["events"] if result else []
        rows = tuple(int(event["ID"]) for event in events)
        process_id = result["process_id"] if result else None
        return Step(self.name, start, time.perf_counter(), "take", process_id, rows, not keep)

    def _confirm(self, process_id: str) -> Step:
        start = time.perf_counter()
        self._call("event.offline.clear", process_id=process_id)
        return Step(self.name, start, time.perf_counter(), "confirm", process_id)

    def _call(self, method: str, **parameters: object) -> Any:
        body = json.dumps({**parameters, "auth": self.token}).encode()
        headers = {"Content-Type": "application/json"}
        self._connection.request("POST", f"/rest/{method}", body, headers)
        response = self._connection.getresponse()
        answer = json.loads(response.read())
        if response.status != 200:
            self.refused.append((response.status, answer))
            return None
        return answer["result"]


def emptied(
    urls: Sequence[str], token: str, *, limit: int, keep: bool, workers: int = 8
) -> tuple[list[Step], list[Any]]:
    """Let workers empty a queue, shared out among servers: the history, and what was refused."""
    crew = [Worker(f"worker {n}", urls[n % len(urls)], token) for n in range(workers)]
    with ThreadPoolExecutor(workers) as pool:
        histories = list(pool.map(lambda worker: worker.empty(limit, keep=keep), crew))
    refused = [refusal for worker in crew for refusal in worker.refused]
    return [step for history in histories for step in history], refused


def portal_with_rows(database: Database, count: int) -> str:
    """A new portal with this many rows, ids from 1; gives its token."""
    token = f"token.{time.time_ns()}"
    document = {"apps": [{"tokens": [{"access_token": token}]}]}
    portal_id = install(database, Document.model_validate(document))
    [(application_id,)] = database.run(
        Statement(
            schema.applications.select()
            .with_only_columns(schema.applications.c.id)
            .where(schema.applications.c.portal_id == portal_id)
        )
    )
    now = time.time()
    shared = {
        "portal_id": portal_id,
        "application_id": application_id,
        "connector": "",
        "event": LEAD,
        "additional": "false",
        "written": now,
        "process_id": "",
        "reserved_at": None,
        "error": 0,
    }
    with database.transaction():
        database.change_many(
            insert_as_is,
            (
                {
                    **shared,
                    "id": number,
                    "data": f'{{"FIELDS":{{"ID":{number}}}}}',
                    "message_id": f"{number:032x}",
                    "timestamp": int(now) + number // 20,
                }
                for number in range(1, count + 1)
            ),
        )
    return token


def rows_left(database: Database, token: str) -> list[int]:
    """The ids of the rows in the queue of the application that has the token."""
    of_token = (
        schema.tokens.select()
        .with_only_columns(schema.tokens.c.application_id)
        .where(schema.tokens.c.access_token == token)
    )
    found = schema.queue.select().with_only_columns(schema.queue.c.id)
    statement = Statement(found.where(schema.queue.c.application_id.in_(of_token)))
    return [row[0] for row in database.run(statement)]
