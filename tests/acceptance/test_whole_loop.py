"""The whole loop: changes fill the queue, workers empty it, their copy is what the portal has."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from mock_bitrix.generate.access import Access
from mock_bitrix.generate.client import Client
from mock_bitrix.generate.mixes import MIXES
from mock_bitrix.generate.sending import Report, send
from mock_bitrix.generate.stream import steps
from tests.events.changes import bind_offline
from tests.support import Json, TestPortal, install_portal

CONNECTOR = "sync"
WORKER = Path(__file__).with_name("worker.py")
PEOPLE = replace(MIXES["busy-crm"], echoes=0.0)
"""Changes that people make: the echoes in this test are the workers' own writes."""


@pytest.fixture
def shop(portal: TestPortal) -> TestPortal:
    """People work as user 1, by a webhook; the application, as user 2."""
    users = [{"id": 1, "name": "Anna", "admin": True}, {"id": 2, "name": "Sync", "admin": True}]
    made = install_portal(portal.server, portal.http, {"users": users})
    for kind in PEOPLE.kinds:
        for action in ("ADD", "UPDATE", "DELETE"):
            code = f"ON{kind.replace('.', '').upper()}{action}"
            bind_offline(made, code, CONNECTOR)
    bind_offline(made, "ONCRMLEADUPDATE", "other")
    return made


@contextmanager
def workers(shop: TestPortal, number: int, directory: Path) -> Iterator[None]:
    """So many worker processes; they end when there is nothing left to do."""
    for name in ("copy", "locks"):
        (directory / name).mkdir()
    assert shop.user.token is not None
    given = [shop.server.url, shop.user.token, CONNECTOR, str(directory)]
    processes = [
        subprocess.Popen([sys.executable, str(WORKER), *given, str(each)]) for each in range(number)
    ]
    try:
        yield
        (directory / "stop").touch()
        for process in processes:
            assert process.wait(300) == 0
    finally:
        for process in processes:
            process.kill()
            process.wait()


def make_changes(shop: TestPortal, number: int) -> Report:
    client = Client(shop.server.url)
    access = Access(shop.webhook.base.removeprefix(shop.server.url), None, "")
    *_, report = send(client, access, islice(steps(PEOPLE, 50, "7"), number))
    client.close()
    return report


def copies(directory: Path) -> dict[str, Json]:
    return {file.stem: json.loads(file.read_text()) for file in (directory / "copy").iterdir()}


def entities(shop: TestPortal) -> dict[str, Json]:
    found = {}
    for kind in PEOPLE.kinds:
        start: int | None = 0
        while start is not None:
            page = shop.admin(f"{kind}.list", select=["ID"], start=start)
            for row in page.result:
                found[f"{kind}.{row['ID']}"] = shop.admin(f"{kind}.get", id=row["ID"]).result
            start = page.body.get("next")
    return found


@pytest.mark.parametrize("changes", [300, pytest.param(5000, marks=pytest.mark.long)])
def test_workers_end_up_with_the_portals_entities_and_see_no_echo(
    shop: TestPortal, tmp_path: Path, changes: int
) -> None:
    with workers(shop, 4, tmp_path):
        made = make_changes(shop, changes)

    reports = [json.loads(file.read_text()) for file in tmp_path.glob("report.*.json")]
    total = {name: sum(r[name] for r in reports) for name in ("taken", "failed", "retried")}
    assert made.made.total() == changes
    assert total["failed"] > 0
    assert total["retried"] > 0
    assert shop.queue(auth_connector=CONNECTOR) == []
    assert copies(tmp_path) == entities(shop)

    heard = {cause for report in reports for cause in report["causes"]}
    assert heard == {"1"}
    written = sum(report["written"] for report in reports)
    assert written >= made.made["add"] - made.made["delete"]
    echoes = [row["EVENT_ADDITIONAL"] for row in shop.queue(auth_connector="other")]
    assert {"user_id": "2"} in echoes  # under another connector, they are heard
