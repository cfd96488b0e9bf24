"""Real workers in hard histories: the careful one passes, each naive one fails as it must."""

from __future__ import annotations

import os
import shlex
import sys
import time
from pathlib import Path

import pytest

from mock_bitrix.check.evidence import Ended
from mock_bitrix.check.histories import HISTORIES
from mock_bitrix.check.processes import MOST_FAILURES, Workers, runnable
from mock_bitrix.check.stage import Patience
from mock_bitrix.settings import SettingError
from mock_bitrix.testing import MockBitrix
from tests.check.playing import BEATING, PATIENCE, SHORT, found, is_alive, plan, played, worker

NAMES = [history.name for history in HISTORIES]
NAIVE = {
    "greedy": {
        "lost-answer": {"lost"},
        "cut-answer": {"lost"},
        "crash-in-take": {"lost"},
        "two-workers-lost-answer": {"lost"},
        "expired-token": {"left"},
        "error-rows": {"left"},
    },
    "forgetful": {
        name: {"stuck"} | ({"left"} if name in ("expired-token", "error-rows") else set())
        for name in NAMES
    },
    "fragile": {
        "lost-answer": {"stuck"},
        "cut-answer": {"stuck"},
        "limits": {"stuck"},
        "crash-in-take": {"stuck"},
        "crash-before-confirming": {"stuck"},
        "two-workers-lost-answer": {"stuck"},
        "expired-token": {"left"},
        "error-rows": {"left"},
    },
}
"""What is found in which history; nothing in the others."""


def test_the_careful_worker_survives_lost_answers(server: MockBitrix) -> None:
    [history] = played(server, plan(worker("careful"), "lost-answer")).values()

    assert (history.findings, history.stubborn) == ([], False)
    assert any(not call.sent for call in history.evidence.calls)


def test_a_worker_that_ends_when_all_is_done_is_started_again(server: MockBitrix) -> None:
    [history] = played(server, plan(worker("careful", "--once"), "expired-token")).values()

    assert history.findings == []
    assert {each.status for each in history.evidence.ended} == {0}


@pytest.mark.parametrize(
    ("name", "history", "kind"),
    [
        ("greedy", "lost-answer", "lost"),
        ("forgetful", "quiet", "stuck"),
        ("echoing", "quiet", "echoed"),
        ("fragile", "cut-answer", "stuck"),
        ("stealing", "two-workers", "twice"),
    ],
)
def test_a_naive_worker_is_found_out(
    server: MockBitrix, name: str, history: str, kind: str
) -> None:
    [over] = played(server, plan(worker(name), history, patience=SHORT)).values()

    assert found(over) == {kind}


def test_a_worker_that_can_t_run_is_started_a_few_times_only(server: MockBitrix) -> None:
    broken = worker("no_such_module")
    [over] = played(server, plan(broken, "quiet", patience=PATIENCE)).values()

    assert found(over) == {"left"}
    assert [each.status for each in over.evidence.ended] == [1] * MOST_FAILURES
    assert "No module named" in over.evidence.ended[0].last_line
    assert over.evidence.calls == ()


def test_a_worker_may_take_its_time_to_start(server: MockBitrix) -> None:
    slow = ["sh", "-c", f"sleep 0.8; exec {shlex.join(worker('fragile'))}"]
    patience = Patience(history=40, settle=0.3, grace=5)

    [over] = played(server, plan(slow, "quiet", patience=patience)).values()

    assert over.findings == []


def test_a_worker_that_does_not_end_is_killed(server: MockBitrix) -> None:
    deaf = ["sh", "-c", "trap '' TERM; while :; do sleep 0.05; done"]
    patience = Patience(history=0.5, settle=5, grace=0.3)

    [over] = played(server, plan(deaf, "quiet", patience=patience)).values()

    assert over.stubborn
    assert found(over) == {"left"}


def test_what_a_worker_started_ends_with_it(tmp_path: Path) -> None:
    beats = tmp_path / "beats"
    child = shlex.join([sys.executable, "-c", BEATING, str(beats)])
    wait = f"while ! test -s {beats}; do sleep 0.02; done"
    workers = Workers(["sh", "-c", f"{child} & {wait}; echo ready; exit 3"], dict, tmp_path, 1)
    workers.start()
    while not workers.ended:
        workers.tend()
        time.sleep(0.02)
    workers.stop()

    assert workers.ended[0] == Ended(3, "ready")
    assert not is_alive(beats)
    assert workers.said == "ready"


def test_a_program_that_is_not_there_is_said_at_once() -> None:
    with pytest.raises(SettingError, match=r"no/such: there is no such program"):
        runnable(["no/such"])


@pytest.mark.long
@pytest.mark.parametrize("arguments", [(), ("--once",)])
@pytest.mark.parametrize("name", NAMES)
def test_the_careful_worker_passes_every_history(
    server: MockBitrix, name: str, arguments: tuple[str, ...]
) -> None:
    [over] = played(server, plan(worker("careful", *arguments), name)).values()

    assert over.findings == []


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("naive", NAIVE)
def test_naive_workers_fail_where_they_must(server: MockBitrix, naive: str, name: str) -> None:
    [over] = played(server, plan(worker(naive), name, patience=Patience(40, 1.5, 5))).values()

    assert found(over) == NAIVE[naive].get(name, set())


def test_the_environment_is_that_of_env_and_nothing_of_this_process_is_lost(
    server: MockBitrix,
) -> None:
    told = "import os, sys; sys.exit(not all(os.environ.get(n) for n in sys.argv[1:]))"
    names = ["MOCK_BITRIX_URL", "MOCK_BITRIX_CLIENT_ENDPOINT", "MOCK_BITRIX_REFRESH_TOKEN"]
    command = [
        *worker("x")[:1],
        "-c",
        told,
        *names,
        *(name for name in os.environ if name == "PATH"),
    ]
    [over] = played(server, plan(command, "quiet", patience=Patience(40, 0.3, 1))).values()

    assert {each.status for each in over.evidence.ended} == {0}
