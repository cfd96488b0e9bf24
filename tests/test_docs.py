"""What people read names everything that there is, and its examples work."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml

from mock_bitrix import profiles
from mock_bitrix.cli import COMMANDS, main
from mock_bitrix.fixture.files import read_document
from mock_bitrix.testing import MockBitrix

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS_PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


def options() -> list[tuple[str, str]]:
    """Every command with each of its options."""
    context = click.Context(main)
    found = []
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        shown = (o for o in command.params if isinstance(o, click.Option) and not o.hidden)
        found += [(name, max(option.opts, key=len)) for option in shown]
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    assert f"## `mock-bitrix {name}`" in COMMANDS_PAGE


@pytest.mark.parametrize(("command", "option"), options())
def test_every_option_is_documented(command: str, option: str) -> None:
    section = COMMANDS_PAGE.partition(f"## `mock-bitrix {command}`")[2].partition("\n## ")[0]
    if "Takes the options of `serve`" in section:
        section += COMMANDS_PAGE.partition("## `mock-bitrix serve`")[2].partition("\n## ")[0]
    assert f"`{option}`" in section


@pytest.mark.parametrize("row", profiles.rows(), ids=lambda row: str(row[0]))
def test_the_readme_has_every_switch_with_its_values(
    row: tuple[str, str, object, object, str, str],
) -> None:
    name, values, docs, cloud, about, _ = row
    shown = [f"{value:g}" if isinstance(value, float) else value for value in (docs, cloud)]

    assert f"| `{name}` | {values} | {shown[0]} | {shown[1]} | {about} |" in README


def test_the_readmes_fixture_can_be_loaded(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(README.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")

    assert read_document(file).portal.domain == "shop.bitrix24.test"


def test_the_readmes_curl_line_is_the_one_that_serve_prints(server: MockBitrix) -> None:
    from mock_bitrix.starting import introduction

    printed = list(introduction(server.emulator, "http://127.0.0.1:8024"))[-1].strip()

    assert printed in README


def test_links_lead_somewhere() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    link = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
    targets = [
        (page, target)
        for page in pages
        for target in link.findall(page.read_text(encoding="utf-8"))
    ]
    broken = [
        f"{page.name}: {target}" for page, target in targets if not (page.parent / target).exists()
    ]
    assert broken == []


def test_the_compose_file_and_the_dockerfile_start_the_same_image() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    service = compose["services"]["mock-bitrix"]
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")

    assert service["build"] == "."
    assert service["ports"] == ["127.0.0.1:8024:8024"]
    assert "EXPOSE 8024" in dockerfile
    for name in service["environment"]:
        option = "--" + name.removeprefix("MOCK_BITRIX_").lower().replace("_", "-")
        assert ("serve", option) in options()


def test_the_version_is_told() -> None:
    from mock_bitrix import __version__

    command = [sys.executable, "-m", "mock_bitrix", "--version"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout

    assert told == f"mock-bitrix, version {__version__}\n"
