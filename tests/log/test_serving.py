"""A server process tells its calls on standard error."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.program import Serving, command, environment
from tests.events.handlers import Handler
from tests.log.serving import Told

PAGE = (Path(__file__).parents[2] / "docs" / "log.md").read_text(encoding="utf-8")
TOKEN = "demo.admin.token"


def call(server: Told, method: str, **parameters: Any) -> httpx.Response:
    given = {"auth": TOKEN, **parameters}
    return httpx.post(f"{server.url}/rest/{method}", json=given, trust_env=False)


@pytest.fixture(scope="module")
def lines(home: Path) -> list[str]:
    """All that a server tells of four calls, of one to the control API, and of a delivery."""
    with Handler() as handler, Told(home) as server:
        call(server, "event.offline.get", auth_connector="BxTest", limit=2)
        call(server, "event.offline.get", auth_connector="BxTst")
        call(server, "profile", auth="wrong")
        httpx.get(f"{server.url}/rest/1/demowebhook/profile", trust_env=False)
        httpx.get(f"{server.url}/_mock/portals", trust_env=False)
        call(server, "event.bind", event="ONCRMLEADADD", handler=handler.url)
        call(server, "crm.lead.add", fields={})
        server.wait("err", handler.url)
        assert server.end() == 0
        return server.err.splitlines()


def test_each_call_is_a_line(lines: list[str]) -> None:
    assert len(lines) == 7
    assert re.search(
        r" local\.demo +event\.offline\.get +200 +2 taken +\d+ left +[\d.]+ ms$", lines[0]
    )
    assert re.search(r' 0 taken .* rows wait under auth_connector "BxTest"', lines[1])
    assert re.search(r" - +profile +401 +[\d.]+ ms  invalid_token$", lines[2])
    assert re.search(r" webhook 1 +profile +200 +[\d.]+ ms$", lines[3])
    assert " event.bind " in lines[4]


def test_deliveries_to_handlers_are_lines_too(lines: list[str]) -> None:
    delivery = r" local\.demo +ONCRMLEADADD +200 to a handler +[\d.]+ ms  http://127\.0\.0\.1:\d+"

    assert len([line for line in lines if re.search(delivery, line)]) == 1


@pytest.fixture(scope="module")
def records(home: Path) -> list[dict[str, Any]]:
    """Records, asked for by the variable: of a failed delivery, a lost answer, a refused trade."""
    options = ("--profile", "cloud", "--set", "handler_hosts=any")
    with Told(home, *options, MOCK_BITRIX_LOG="json") as server:
        call(server, "event.bind", event="ONCRMLEADADD", handler="http://127.0.0.1:1/hook")
        call(server, "crm.lead.add", fields={"TITLE": "a"}, nonsense=1)
        server.wait("err", '"delivery"')
        faults = f"{server.url}/_mock/portals/default/faults"
        httpx.post(faults, json={"fault": "drop_connection", "when": "after"}, trust_env=False)
        with pytest.raises(httpx.HTTPError):
            call(server, "event.offline.get", auth_connector="BxTest", limit=1)
        httpx.get(f"{server.url}/oauth/token/", trust_env=False)
        assert server.end() == 0
        return server.records


def documented(kind: str) -> set[str]:
    rows = re.findall(r"^\| (\w+) \| `(\w+)` \|", PAGE, re.MULTILINE)
    return {field for of, field in rows if of in (kind, "all")}


def test_json_has_the_documented_fields(records: list[dict[str, Any]]) -> None:
    until = records.index(of_method(records, "event.offline.get"))
    by_kind = {record["kind"]: record for record in records[:until]}
    assert set(by_kind) == {"call", "delivery", "message"}
    for kind, record in by_kind.items():
        assert set(record) == documented(kind), kind
    assert by_kind["call"] | {"time": 0, "id": 0, "duration": 0} == {
        "kind": "call", "time": 0, "id": 0, "portal": "demo.bitrix24.test",
        "application": "local.demo", "webhook": None, "user": 1, "method": "crm.lead.add",
        "status": 200, "error": None, "taken": None, "left": None, "duration": 0, "sent": True,
        "fault": None, "batch": None,
        "hints": ["parameter nonsense is unknown and has no effect"],
    }  # fmt: skip
    assert by_kind["delivery"]["failure"]
    assert by_kind["message"]["source"] == "start"


def of_method(records: list[dict[str, Any]], method: str) -> dict[str, Any]:
    [found] = [record for record in records if record.get("method") == method]
    return found


def test_a_call_whose_answer_is_lost_is_told(records: list[dict[str, Any]]) -> None:
    take = of_method(records, "event.offline.get")

    assert (take["status"], take["sent"], take["fault"]) == (None, False, "drop_connection")
    assert take["taken"] == 1


def test_a_refused_trade_is_told(records: list[dict[str, Any]]) -> None:
    trade = of_method(records, "oauth/token")

    assert (trade["kind"], trade["status"], trade["portal"]) == ("call", 400, None)


def test_quiet_tells_the_address_alone(home: Path) -> None:
    with Told(home, "--log=json", MOCK_BITRIX_QUIET="1") as server:
        call(server, "profile")
        server.end()

        assert server.out == f"mock-bitrix ready on {server.url}\n"
        assert server.err == ""


def test_each_worker_tells_its_calls_in_whole_lines(home: Path) -> None:
    with Told(home, "--workers", "2", "--log", "json") as server:
        for _ in range(40):
            call(server, "profile")
        server.end()

        assert [record["method"] for record in server.records] == ["profile"] * 40


CALLS = """
import os, urllib.request as u
u.urlopen(os.environ["MOCK_BITRIX_WEBHOOK"] + "profile")
"""


def test_run_tells_calls_where_it_is_asked_to(home: Path) -> None:
    """Where it isn't, it is silent: tests/cli/test_running.py."""
    ended = subprocess.run(
        command("run", "--log", "json", "--", sys.executable, "-c", CALLS),
        env=environment(home),
        capture_output=True,
        text=True,
        check=True,
    )

    told = [json.loads(line) for line in ended.stderr.splitlines() if line.startswith("{")]
    assert [each["method"] for each in told] == ["profile"]
    assert "demo.admin.token" in ended.stderr
    assert ended.stdout == ""


def test_the_server_inside_of_a_test_writes_nothing(
    server: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    httpx.get(f"{server.url}/rest/profile?auth={TOKEN}", trust_env=False)

    assert capfd.readouterr() == ("", "")


def test_a_terminal_that_stands_still_holds_up_no_call(home: Path) -> None:
    with Serving(home) as serving, httpx.Client(trust_env=False) as client:  # nobody reads stderr
        commands = {f"c{number}": "profile" for number in range(50)}
        for _ in range(24):  # twice what a pipe holds
            given = {"auth": TOKEN, "cmd": commands}
            assert client.post(f"{serving.url}/rest/batch", json=given).status_code == 200

        status, told = serving.end(signal.SIGTERM)

    assert status == 0
    assert told.count(" - profile ") > 500
