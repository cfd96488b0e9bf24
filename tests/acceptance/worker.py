"""A synchronisation worker, as an application has many: keeps a copy of what is in the portal.

Only worker 0 fails: where two report two changes of one entity as failed, the second report may
delete a third change that nobody has seen (protocol E.3).

Run as a process of its own: `worker.py URL TOKEN CONNECTOR DIRECTORY NUMBER`. It ends when
DIRECTORY has a file `stop` and the queue is empty, and leaves `DIRECTORY/report.NUMBER.json`.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import random
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import httpx

EVENT = re.compile("ONCRM(LEAD|DEAL|CONTACT|COMPANY)(ADD|UPDATE|DELETE)")
FAILURES = 0.2
IDLE = 0.02


@dataclass
class Report:
    """What one worker has done; `causes`: the users who made the changes that it was told of."""

    taken: int = 0
    failed: int = 0
    retried: int = 0
    written: int = 0
    causes: list[str] = field(default_factory=list)


class Worker:
    """Takes records, reads entities back, writes to new ones, confirms."""

    def __init__(self, url: str, token: str, connector: str, directory: str, number: str) -> None:
        self._http = httpx.Client(trust_env=False, base_url=f"{url}/rest/", timeout=30)
        self._auth = {"auth": token, "auth_connector": connector}
        self._directory = Path(directory)
        self._number = number
        self._random = random.Random(number)
        self._report = Report()
        self._causes: set[str] = set()

    def run(self) -> None:
        """Work until there is nothing left and nothing to come."""
        while True:
            ending = (self._directory / "stop").exists()
            worked = self._new_records() + self._failed_records()
            if not worked and ending:
                break
            if not worked:
                time.sleep(IDLE)
        self._report.causes = sorted(self._causes)
        report = self._directory / f"report.{self._number}.json"
        report.write_text(json.dumps(asdict(self._report)))

    def _new_records(self) -> int:
        batch = self._call("event.offline.get", clear=0)
        done, failed = [], []
        for event in batch["events"]:
            if self._number == "0" and self._random.random() < FAILURES:
                failed.append(event["MESSAGE_ID"])
            else:
                self._handle(event)
                done.append(event["MESSAGE_ID"])
        process_id = batch["process_id"]
        if failed:
            self._call("event.offline.error", process_id=process_id, message_id=failed)
        if done:
            self._call("event.offline.clear", process_id=process_id, message_id=done)
        self._report.taken += len(done)
        self._report.failed += len(failed)
        return len(batch["events"])

    def _failed_records(self) -> int:
        batch = self._call("event.offline.get", clear=0, error=1)
        for event in batch["events"]:
            self._handle(event)
            self._report.retried += 1
        if batch["events"]:
            self._call("event.offline.clear", process_id=batch["process_id"])
        return len(batch["events"])

    def _handle(self, event: dict[str, Any]) -> None:
        self._causes.add(str(event["EVENT_ADDITIONAL"]["user_id"]))
        found = EVENT.fullmatch(event["EVENT_NAME"])
        assert found, event
        kind, number = f"crm.{found[1].lower()}", event["EVENT_DATA"]["FIELDS"]["ID"]
        with self._alone(f"{kind}.{number}") as copy:
            if found[2] == "ADD":
                self._write(kind, number)
            entity = self._read(kind, number)
            if entity is None:
                copy.unlink(missing_ok=True)
            else:
                copy.write_text(json.dumps(entity))

    def _write(self, kind: str, number: str) -> None:
        answer = self._post(
            f"{kind}.update", id=number, fields={"COMMENTS": f"seen by {self._number}"}
        )
        self._report.written += answer.status_code == 200

    def _read(self, kind: str, number: str) -> Any:
        answer = self._post(f"{kind}.get", id=number)
        if answer.status_code == 400:
            return None
        return answer.raise_for_status().json()["result"]

    @contextlib.contextmanager
    def _alone(self, name: str) -> Iterator[Path]:
        """Nobody else reads this entity while its copy is written, or an older one might win."""
        with (self._directory / "locks" / name).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self._directory / "copy" / f"{name}.json"

    def _call(self, method: str, **parameters: Any) -> Any:
        return self._post(method, **parameters).raise_for_status().json()["result"]

    def _post(self, method: str, **parameters: Any) -> httpx.Response:
        return self._http.post(method, json=parameters | self._auth)


if __name__ == "__main__":
    Worker(*sys.argv[1:]).run()
