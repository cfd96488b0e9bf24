"""Eight workers empty one queue: every record goes to exactly one of them (protocol D.7.2)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from mock_bitrix.storage.database import Database
from mock_bitrix.storage.opening import open_database
from mock_bitrix.testing import MockBitrix
from tests.queue.history import check
from tests.queue.workers import emptied, portal_with_rows, rows_left

ROOT = Path(__file__).parents[2]
READY = "mock-bitrix ready on "


@dataclass(frozen=True)
class Servers:
    """Servers on one database."""

    urls: list[str]
    database: Database


@pytest.fixture
def one_server(server: MockBitrix) -> Servers:
    return Servers([server.url], server.emulator.database)


@pytest.fixture(scope="module")
def four_processes(
    new_database: Callable[[], str | None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Servers]:
    """Four server processes that open the same new database at the same moment."""
    path = tmp_path_factory.mktemp("shared") / "portal.sqlite"
    url = new_database() or f"sqlite:///{path}"
    with ExitStack() as stack:
        processes = [_serve(url, stack) for _ in range(4)]
        urls = [_address(process) for process in processes]
        database = open_database(url)
        stack.callback(database.close)
        yield Servers(urls, database)


def _serve(url: str, stack: ExitStack) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "mock_bitrix", "serve", "--database", url, "--port", "0"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MOCK_BITRIX_")}
    process = stack.enter_context(
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    )
    stack.callback(process.terminate)
    return process


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith(READY):
            return line.removeprefix(READY).strip()
    pytest.fail(f"the server did not start: {''.join(said)}")


@pytest.mark.parametrize("keep", [True, False], ids=["clear 0", "clear 1"])
@pytest.mark.parametrize(
    ("limit", "count"), [(50, 10_000), (7, 2_000), (1, 500)], ids=["by 50", "by 7", "one by one"]
)
@pytest.mark.parametrize("servers", ["one_server", "four_processes"])
def test_takers_at_once_share_the_queue_without_loss_or_repetition(
    request: pytest.FixtureRequest, servers: str, limit: int, count: int, keep: bool
) -> None:
    where: Servers = request.getfixturevalue(servers)
    token = portal_with_rows(where.database, count)

    history, refused = emptied(where.urls, token, limit=limit, keep=keep)

    assert refused == []  # nor is a database ever locked to a client
    left = rows_left(where.database, token)
    findings = check(history, stored=range(1, count + 1), left=left)
    assert not findings, findings
    assert left == []
    assert len({step.client for step in history if step.rows}) > 1
