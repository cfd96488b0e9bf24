"""`schema`, `healthcheck`, help, the bar of a large load."""

from __future__ import annotations

import io
import json

import click
import pytest

from mock_bitrix.cli import COMMANDS
from mock_bitrix.cli.progress import Bar
from mock_bitrix.testing import MockBitrix
from tests.cli.program import within


def test_a_server_that_is_up_is_healthy(server: MockBitrix) -> None:
    ended = within("healthcheck", "--url", server.url)

    assert ended.exit_code == 0
    assert json.loads(ended.stdout)["status"] == "ok"


def test_the_schema_is_json() -> None:
    described = json.loads(within("schema").stdout)

    assert {"portal", "users", "apps"} <= set(described["properties"])


def test_help_lists_every_command() -> None:
    shown = within("--help").stdout

    assert [name for name in COMMANDS if f"\n  {name} " not in shown] == []


def test_a_command_that_is_none_is_named() -> None:
    ended = within("sevre")

    assert ended.exit_code == 2
    assert "No such command 'sevre'" in ended.stderr


def test_a_switch_needs_a_value() -> None:
    ended = within("serve", "--set", "https")

    assert ended.exit_code == 2
    assert "'https': expected name=value" in ended.stderr


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_grows_from_the_first_step_to_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    bar = Bar("loading rows")

    for done in (10, 50, 100):
        bar(done, 100)

    shown = click.unstyle(terminal.getvalue())
    assert "loading rows" in shown
    assert shown.index("10%") < shown.index("50%") < shown.index("100%")
    assert shown.endswith("\n")
