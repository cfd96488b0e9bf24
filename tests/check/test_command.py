"""`mock-bitrix check-worker`: options, report, exit status."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from mock_bitrix.check.histories import HISTORIES
from tests.check.playing import BEATING, is_alive, worker
from tests.cli.program import PATIENCE, ROOT, command, environment, within

OPTIONS = ["--connector", "sync", "--settle", "1.2"]
PAGE = (ROOT / "docs" / "check-worker.md").read_text(encoding="utf-8")


def alike(report: str) -> str:
    """The report without what differs from run to run, and without the command."""
    for varying in (r"\d\d:\d\d:\d\d", r"\"ID\": \"\d+\"", r" -- .*"):
        report = re.sub(varying, "…", report)
    return report


@pytest.fixture(autouse=True)
def _from_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The workers are modules of this repository."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def test_a_loss_is_reported_with_rows_calls_reason_remedy_and_the_way_to_repeat_it(
    tmp_path: Path,
) -> None:
    report = tmp_path / "report.xml"
    greedy = worker("greedy")
    options = ["--connector", "sync", "--event", "ONCRMLEADADD"]
    history = ["--history", "lost-answer"]

    ended = within("check-worker", *options, *history, "--junit", str(report), "--", *greedy)

    told = ended.stdout
    assert ended.exit_code == 1, ended.output
    assert "FAIL  lost-answer" in told
    assert "\n\n1 of 1 histories failed, seed 1\n" in told
    assert alike(told).partition("\n\n1 of 1")[0].partition("\n\n")[2] in alike(PAGE)
    again = ["check-worker", "--seed", "1", "--history", "lost-answer", *options, "--", *greedy]
    assert f"again: mock-bitrix {shlex.join(again)}\n" in told
    suite = Xml.parse(report).getroot()[0]
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")
    failure = suite.find("testcase[@name='lost-answer']/failure")
    assert failure is not None
    assert failure.get("message") == "4 lost"
    assert "change: take with clear=0" in (failure.text or "")


def test_nothing_found_is_exit_status_0_and_the_same_seed_gives_the_same_changes() -> None:
    history = ["--history", "same-change-again", "--seed", "7"]
    arguments = [*OPTIONS, *history, "--json", "--", *worker("fragile")]

    first, second = (within("check-worker", *arguments) for _ in range(2))

    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    told = json.loads(first.stdout)
    assert told["ok"] is True
    assert told["connector"] == "sync"
    assert told["events"] == ["ONCRMLEADADD", "ONCRMLEADUPDATE"]
    [history] = told["histories"]
    assert (history["name"], history["findings"]) == ("same-change-again", [])
    assert history["changes"] == json.loads(second.stdout)["histories"][0]["changes"] == 3


def test_programs_get_every_finding_with_its_steps() -> None:
    history = ["--history", "quiet", "--json"]

    ended = within("check-worker", *OPTIONS, *history, "--", *worker("forgetful"))

    [shown] = json.loads(ended.stdout)["histories"]
    assert ended.exit_code == 1
    assert [finding["kind"] for finding in shown["findings"]] == ["stuck"] * 5
    [step] = shown["findings"][0]["steps"]
    assert (step["what"], step["method"], step["params"]["clear"]) == (
        "taken",
        "event.offline.get",
        0,
    )
    assert "a reservation never ends by itself" in shown["findings"][0]["change"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["true"], "expected a command after --: check-worker [OPTIONS] -- COMMAND…"),
        (["--history", "lost-anser", "--", "true"], "did you mean lost-answer?"),
        (["--event", "ONCRMLEADAD", "--", "true"], "did you mean ONCRMLEADADD?"),
        (["--junit", "/no/such/file", "--", "true"], "there is no directory /no/such"),
        (["--", "/no/such/program"], "/no/such/program: there is no such program"),
        (["--settle", "0", "--", "true"], "0"),
    ],
)
def test_what_can_t_be_is_said_in_one_line(arguments: list[str], complaint: str) -> None:
    ended = within("check-worker", *arguments)

    assert ended.exit_code == 2
    assert complaint in ended.stderr


def test_the_histories_can_be_listed_and_are_documented() -> None:
    listed = within("check-worker", "--list").stdout

    for history in HISTORIES:
        assert history.name in listed
        assert f"| `{history.name}` | {history.about} |" in PAGE


def test_who_stops_it_stops_the_worker(home: Path, tmp_path: Path) -> None:
    beats = tmp_path / "beats"
    running = subprocess.Popen(
        command("check-worker", "--", sys.executable, "-c", BEATING, str(beats)),
        env=environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    with running:
        while not beats.exists():
            assert running.poll() is None
            time.sleep(0.02)
        running.send_signal(signal.SIGTERM)
        assert running.wait(PATIENCE) == 130
        assert running.stderr is not None
        assert running.stderr.read() == ""
    assert not is_alive(beats)
