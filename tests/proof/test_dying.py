"""Servers die in the middle of whatever they do: no row is lost, and none goes to two."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.proof.budget import seeds
from tests.proof.clients import busy
from tests.proof.crashes import Left, findings
from tests.proof.site import Site

WORKERS, PRODUCERS = 8, 2
SECONDS = 40.0
"""For each kind of database."""


TOGETHER = [1, 1, 1, 2]
"""How many servers die at once."""


def killed(site: Site, chance: random.Random, ends: float) -> None:
    """Kill servers until the time is over: mostly one, sometimes all at once."""
    while not site.kills or time.monotonic() < ends:
        time.sleep(chance.uniform(0.2, 1.5))
        for number in chance.sample(site.numbers, min(chance.choice(TOGETHER), len(site.numbers))):
            site.kill(number)


def left(site: Site) -> list[Left]:
    """The rows that are there in the end."""
    rows = site.control().queue()
    return [Left(r["data"]["FIELDS"]["ID"], r["process_id"], r["error"]) for r in rows]


def story(
    home: Path,
    database: str,
    seed: int,
    *,
    seconds: float,
    replicas: int,
    under: Sequence[str] = (),
) -> str:
    """Kill servers that clients call; what happened, in a line."""
    site = Site(home, database, replicas, under)
    try:
        with busy(site, WORKERS, PRODUCERS, seed) as clients:
            killed(site, random.Random(seed), time.monotonic() + seconds)
        there = left(site)
    finally:
        site.stop()
    history = [event for client in clients for event in client.history]
    assert [refusal for client in clients for refusal in client.refused] == []
    assert findings(history, there) == []
    unanswered = sum(not event.answered for event in history)
    assert unanswered or not seconds
    given = sum(len(event.leads) for event in history if event.operation == "take")
    return (
        f"{site.kills} kills, {len(history)} calls, {unanswered} of them unanswered; "
        f"{given} rows given, {len(there)} left"
    )


def test_a_killed_server_loses_nothing_and_repeats_nothing(tmp_path: Path, here: str) -> None:
    story(tmp_path, here, seed=1, seconds=0, replicas=1)


@pytest.mark.long
def test_servers_that_die_again_and_again_lose_and_repeat_nothing(
    tmp_path: Path, everywhere: str
) -> None:
    for seed in seeds(0):
        print(story(tmp_path, everywhere, seed, seconds=SECONDS, replicas=2))  # noqa: T201
