"""Making the changes of a stream in a running portal, each at its moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from mock_bitrix import clock
from mock_bitrix.generate.access import Access
from mock_bitrix.generate.client import Client, Refused
from mock_bitrix.generate.stream import Step

PAUSE = 0.5
"""Seconds to wait when the portal has had too many requests."""

TOO_MANY = "QUERY_LIMIT_EXCEEDED"


@dataclass(slots=True)
class Report:
    """What has been done: `made` by action, `echoes` among them, `refused` by error code.

    `left_out`: changes of entities that could not be added. `seconds`: how long it took.
    """

    made: Counter[str] = field(default_factory=Counter)
    echoes: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    left_out: int = 0
    seconds: float = 0.0

    def as_json(self) -> dict[str, object]:
        """The same for programs."""
        return {
            "made": dict(self.made),
            "echoes": self.echoes,
            "refused": dict(self.refused),
            "left_out": self.left_out,
            "seconds": round(self.seconds, 3),
        }


class Sender:
    """Makes changes; remembers under which id the portal has what the stream has added."""

    def __init__(self, client: Client, access: Access) -> None:
        self._client = client
        self._access = access
        self._ids: dict[int, int] = {}
        self.report = Report()

    def make(self, step: Step) -> None:
        """Make one change. Raises `OSError` where the server isn't reached."""
        report = self.report
        if step.action != "add" and step.entity not in self._ids:
            report.left_out += 1
            return
        try:
            result = self._call(step)
        except Refused as refusal:
            report.refused[refusal.code] += 1
            return
        report.made[step.action] += 1
        report.echoes += step.echo and self._access.token is not None
        if step.action == "add":
            self._ids[step.entity] = _id_in(result)

    def _call(self, step: Step) -> Any:
        body = self._parameters(step)
        path = f"{self._access.webhook}/{step.kind}.{step.action}"
        if step.echo and self._access.token is not None:
            path = f"/rest/{step.kind}.{step.action}"
            body["auth"] = self._access.token
            if self._access.connector:
                body["auth_connector"] = self._access.connector
        while True:
            try:
                return self._client.post(path, body)["result"]
            except Refused as refusal:
                if refusal.code != TOO_MANY:
                    raise
                clock.pause(PAUSE)

    def _parameters(self, step: Step) -> dict[str, Any]:
        body: dict[str, Any] = {"fields": step.fields} if step.fields else {}
        if step.action != "add":
            name = "taskId" if step.kind == "tasks.task" else "id"
            body[name] = self._ids[step.entity]
        return body


def _id_in(result: Any) -> int:
    """The id in the answer to an add: the answer itself, or in a part of it."""
    if isinstance(result, dict):
        (part,) = result.values()
        result = part["id"]
    return int(result)


def paced(steps: Iterable[Step], duration: float) -> Iterator[Step]:
    """The steps of the first `duration` seconds, each no earlier than at its moment."""
    start = clock.stopwatch()
    for step in steps:
        if step.at >= duration:
            return
        clock.pause(max(0.0, start + step.at - clock.stopwatch()))
        yield step


def send(client: Client, access: Access, steps: Iterable[Step]) -> Iterator[Report]:
    """Make the changes one after the other; gives how far it is after each."""
    sender, start = Sender(client, access), clock.stopwatch()
    for step in steps:
        sender.make(step)
        sender.report.seconds = clock.stopwatch() - start
        yield sender.report
