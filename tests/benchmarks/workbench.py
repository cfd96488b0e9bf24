"""What the tools around the portal cost: a portal for a test, and the journal of all calls."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks import data, servers
from tests.benchmarks.figures import Figure, figure
from tests.benchmarks.load import Load, post

POLL = f'{{"auth":"{data.TOKEN}"}}'
PATH = "/rest/event.offline.get"
PORTALS = 50


def portals(runs: int, room: Path) -> Iterator[Figure]:
    """A throw-away portal, in polls of an empty queue on the same connection."""
    url = data.database(room / "portals.sqlite", 0)
    with servers.emulator(url) as (port, _):
        ratios = []
        for _ in range(runs + 1):
            made = _seconds(port, "/_mock/portals", "{}", PORTALS)
            ratios.append(made / _seconds(port, PATH, POLL, PORTALS * 10))
    yield figure("making a portal", "a poll", ratios[1:], 20, 10, at_most=True)


def journal(runs: int, seconds: float, room: Path) -> Iterator[Figure]:
    """Polls with the journal, against the same server without it."""
    url = data.database(room / "journal.sqlite", 0)
    with (
        servers.emulator(url) as (recorded, _),
        servers.emulator(url, module="tests.benchmarks.unrecorded") as (unrecorded, _),
    ):
        ratios = []
        for _ in range(3 * runs + 1):
            rates = [_polls(seconds / 2).rate(port) for port in (recorded, unrecorded)]
            ratios.append(rates[0] / rates[1])
    yield figure("polls with the journal", "without it", ratios[1:], 0.9, 0.95)


def _polls(seconds: float) -> Load:
    return Load(post(PATH, POLL.encode()), seconds=seconds)


def _seconds(port: int, path: str, body: str, times: int) -> float:
    """Seconds that a call takes, in the mean of several."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    begun = time.perf_counter()
    for _ in range(times):
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert answer.status in (200, 201), json.loads(answer.read())
        answer.read()
    took = (time.perf_counter() - begun) / times
    connection.close()
    return took
