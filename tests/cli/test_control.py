"""The commands that drive a running server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import yaml
from click.testing import CliRunner, Result

from mock_bitrix.cli import main
from mock_bitrix.testing import MockBitrix
from mock_bitrix.testing.control import Control, PortalControl
from tests.support import Client, lead_added

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def own_server() -> Iterator[MockBitrix]:
    """A server whose default portal the commands may spoil."""
    with MockBitrix() as server:
        yield server


@pytest.fixture
def portal(own_server: MockBitrix) -> PortalControl:
    """A portal with one application that has bound new leads."""
    binding = {"event": "ONCRMLEADADD", "type": "offline"}
    app = {"client_id": "local.app", "tokens": [{}], "bindings": [binding]}
    return Control(own_server.url).create({"apps": [app]})


@pytest.fixture
def run(portal: PortalControl) -> Run:
    """Runs a command on that portal."""

    def run(*arguments: str) -> Result:
        environment = {"MOCK_BITRIX_URL": portal.transport.url, "MOCK_BITRIX_PORTAL": portal.name}
        return CliRunner().invoke(main, arguments, env=environment)

    return run


def test_emit_says_where_the_change_went(run: Run, portal: PortalControl) -> None:
    shown = run("emit", "ONCRMLEADADD", "--data", '{"FIELDS": {"ID": 5}}')

    assert shown.output == "queued  local.app    id 1\n"
    assert portal.queue()[0]["data"] == {"FIELDS": {"ID": 5}}
    assert json.loads(run("emit", "ONCRMLEADADD", "--json").output)["queued"][0]["id"] == 2


def test_emit_of_an_event_that_nobody_has_bound_names_the_bindings(run: Run) -> None:
    shown = run("emit", "ONCRMDEALADD")

    assert shown.exit_code == 1
    assert "nobody has bound ONCRMDEALADD; bound are ONCRMLEADADD (local.app)" in shown.output


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["emit", "ONCRMLEADAD"], "did you mean ONCRMLEADADD?"),
        (["emit", "ONCRMLEADADD", "--data", "{"], "--data: is no JSON"),
        (["faults", "slw"], "did you mean slow?"),
        (["faults", "--remove", "77"], 'there is no fault "77"'),
        (["clock", "--advance", "1", "--resume"], "expected one of"),
        (["clock", "--freeze", "noon"], "freeze"),
        (["queue", "--client-id", "local.ap"], "did you mean local.app?"),
        (["queue", "--portal", "nowhere"], 'there is no portal "nowhere"'),
        (["load", "nowhere.yaml"], "nowhere.yaml: there is no such file"),
    ],
)
def test_wrong_use_is_one_clear_line_and_status_2(
    run: Run, arguments: list[str], problem: str
) -> None:
    shown = run(*arguments)

    assert shown.exit_code == 2
    assert shown.output.count("\n") == 1
    assert shown.output.startswith("mock-bitrix: ")
    assert problem in shown.output


def test_a_server_that_is_not_there_is_one_clear_line_and_status_1() -> None:
    shown = CliRunner().invoke(main, ["queue", "--url", "http://127.0.0.1:1"])

    assert shown.exit_code == 1
    assert shown.output.startswith("mock-bitrix: no mock-bitrix answers at http://127.0.0.1:1: ")
    assert shown.output.count("\n") == 1


@pytest.mark.parametrize("url", ["nonsense", "ftp://127.0.0.1", "http://127.0.0.1:port"])
def test_what_is_no_address_is_said_so(url: str) -> None:
    shown = CliRunner().invoke(main, ["reset", "--url", url])

    assert shown.exit_code == 1
    assert f"{url} is no address" in shown.output


def test_queue_is_a_table_for_people_and_json_for_programs(run: Run, portal: PortalControl) -> None:
    assert run("queue").output == "nothing\n"
    portal.put(lead_added(1), lead_added(2, error=True))

    table = run("queue").output.splitlines()
    assert table[0].split()[:3] == ["id", "client_id", "auth_connector"]
    assert [line.split()[0] for line in table[1:]] == ["1", "2"]
    assert [row["id"] for row in json.loads(run("queue", "--json").output)] == [1, 2]
    assert [row["id"] for row in json.loads(run("queue", "--state", "error", "--json").output)] == [
        2
    ]

    assert run("queue", "--state", "error", "--empty").output == "1 rows deleted\n"
    assert [row["id"] for row in portal.queue()] == [1]


def test_a_table_shows_no_control_characters(run: Run, portal: PortalControl) -> None:
    portal.put(lead_added(1, auth_connector="\x1b[31mred"))

    assert "\x1b" not in run("queue").output


def test_calls_are_lines_with_hints(run: Run, portal: PortalControl, http: httpx.Client) -> None:
    token = portal.document["apps"][0]["tokens"][0]["access_token"]
    caller = Client(http, f"{portal.transport.url}/rest", token)
    caller("event.offline.get", proces_id=1)
    caller("nothing.there")

    lines = run("calls").output.splitlines()

    assert lines[0].endswith("200  event.offline.get  local.app  took 0")
    assert "did you mean process_id?" in lines[1]
    assert lines[2].endswith("404  nothing.there  -")
    assert len(json.loads(run("calls", "--method", "event.*", "--json").output)) == 1


def test_clock_shows_and_moves(run: Run) -> None:
    frozen = run("clock", "--freeze", "2026-01-02T10:00:00+00:00").output
    assert frozen == "2026-01-02T10:00:00+00:00  frozen\n"
    assert run("clock", "--advance", "60").output == "2026-01-02T10:01:00+00:00  frozen\n"
    assert json.loads(run("clock", "--json").output)["frozen"] is True
    assert "frozen" not in run("clock", "--resume").output
    assert run("clock", "--stop").output.endswith("frozen\n")


def test_faults_are_ordered_shown_and_taken_back(run: Run, portal: PortalControl) -> None:
    run("faults", "drop_connection", "--after", "--method", "event.offline.get", "--times", "1")

    ordered = portal.faults()[0]
    assert (ordered["when"], ordered["times"], ordered["delay"]) == ("after", 1, 0.0)
    assert "drop_connection  event.offline.get  after" in run("faults").output

    assert run("faults", "--remove", str(ordered["id"])).output == "nothing\n"
    run("faults", "slow", "--delay", "0.5")
    assert json.loads(run("faults", "--clear", "--json").output) == []


def test_a_snapshot_can_be_loaded_again(run: Run, portal: PortalControl, tmp_path: Path) -> None:
    portal.put(lead_added(1))
    for name in ("portal.yaml", "portal.json"):
        assert run("snapshot", "-o", str(tmp_path / name)).exit_code == 0
    before = portal.snapshot()
    assert yaml.safe_load(run("snapshot").output) == before
    assert json.loads(run("snapshot", "--json").output) == before
    portal.delete()

    shown = run("load", str(tmp_path / "portal.yaml"))

    assert shown.output.startswith(f"portal {before['portal']['domain']}  http://127.0.0.1")
    assert portal.snapshot() == before
    portal.delete()
    run("load", str(tmp_path / "portal.json"))
    assert portal.snapshot() == before


def test_a_snapshot_that_cannot_be_written_is_said_so(run: Run, tmp_path: Path) -> None:
    shown = run("snapshot", "-o", str(tmp_path / "nowhere" / "portal.yaml"))

    assert shown.exit_code == 2
    assert "can't be written" in shown.output


def test_loading_what_is_there_already_names_file_and_path(
    run: Run, portal: PortalControl, tmp_path: Path
) -> None:
    path = tmp_path / "again.json"
    path.write_text(json.dumps(portal.snapshot()))

    shown = run("load", str(path))

    assert shown.exit_code == 2
    assert f"{path}: portal.domain: " in shown.output


def test_json_lines_go_into_the_queues_of_their_applications(
    run: Run, portal: PortalControl, tmp_path: Path
) -> None:
    domain = portal.document["portal"]["domain"]
    rows = [
        {"client_id": "local.app", "portal": domain, **lead_added(number)} for number in range(2005)
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))

    shown = run("load", str(path))

    assert shown.output.splitlines()[-1] == "2005 rows"
    assert [row["data"]["FIELDS"]["ID"] for row in portal.queue()] == list(range(2005))


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"client_id": "local.none", "event": "ONCRMLEADADD"}', ":2: local.none is in no portal"),
        ('{"client_id": "local.app", "event": "ONCRMLEADAD"}', ":2: event: "),
        ("{", ":2:"),
        (
            '{"client_id": "local.app", "portal": "DOMAIN", "event": "ONCRMLEADADD", "id": 1}',
            ":2: has the id 1",
        ),
    ],
)
def test_a_wrong_line_is_named(
    run: Run, portal: PortalControl, tmp_path: Path, line: str, problem: str
) -> None:
    domain = portal.document["portal"]["domain"]
    portal.put(lead_added(1))
    good = {"client_id": "local.app", "portal": domain, **lead_added(2)}
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(good) + "\n" + line.replace("DOMAIN", domain) + "\n")

    shown = run("load", str(path))

    assert shown.exit_code == 2
    assert f"{path}{problem}" in shown.output
    assert len(portal.queue()) == 1


def test_an_application_in_several_portals_needs_the_portal(
    run: Run, portal: PortalControl, tmp_path: Path
) -> None:
    Control(portal.transport.url).create({"apps": [{"client_id": "local.app"}]})
    path = tmp_path / "rows.jsonl"
    path.write_text('{"client_id": "local.app", "event": "ONCRMLEADADD"}\n')

    assert "local.app is in several portals" in run("load", str(path)).output


def test_reset_puts_the_start_back(run: Run, own_server: MockBitrix) -> None:
    default = Control(own_server.url).portal()
    default.empty()

    assert run("reset").exit_code == 0

    assert default.queue()
    assert len(Control(own_server.url).portals()) == 1
