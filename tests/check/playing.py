"""Playing histories with the workers of this directory."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from mock_bitrix.check.changes import checked
from mock_bitrix.check.histories import HISTORIES
from mock_bitrix.check.running import Plan, Played, play
from mock_bitrix.check.stage import Patience
from mock_bitrix.testing import RunningServer
from tests.check.workers.calling import CONNECTOR

ROOT = Path(__file__).parents[2]
EVENTS = ["ONCRMLEADADD", "ONCRMLEADUPDATE"]
PATIENCE = Patience(history=40, settle=4, grace=5)
SHORT = Patience(history=40, settle=1.2, grace=5)
"""For a worker that is known to leave something: nothing more is to come."""


def worker(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", f"tests.check.workers.{name}", *arguments]


def plan(
    command: list[str], *names: str, patience: Patience = PATIENCE, events: list[str] = EVENTS
) -> Plan:
    histories = [history for history in HISTORIES if not names or history.name in names]
    assert not names or len(histories) == len(names)
    return Plan(
        command,
        histories,
        checked(events),
        CONNECTOR,
        patience=patience,
        variables={"PYTHONPATH": str(ROOT)},
    )


def played(server: RunningServer, wanted: Plan) -> dict[str, Played]:
    return {each.history.name: each for each in play(server, wanted)}


def found(played: Played) -> set[str]:
    return {finding.kind for finding in played.findings}


BEATING = """
import sys, time
while True:
    with open(sys.argv[1], "a") as file:
        file.write(".")
    time.sleep(0.02)
"""
"""A program that shows in a file that it is alive."""


def is_alive(file: Path) -> bool:
    """Whether the beating program goes on."""
    before = file.stat().st_size
    time.sleep(0.3)
    return file.stat().st_size > before
