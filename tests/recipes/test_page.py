"""What docs/ci.md prints can be read by whoever has to read it, and names what there is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

from mock_bitrix.cli import COMMANDS
from mock_bitrix.cli.environment import NAMES
from tests.recipes.conftest import Run, finished, tool
from tests.recipes.page import FILES, PAGE, ROOT, written
from tests.test_docs import options


def test_every_block_of_a_language_is_a_file_that_is_tried() -> None:
    languages = re.findall(r"^```(\w+)$", PAGE, re.MULTILINE)

    assert len(FILES) == len([each for each in languages if each != "sh"]) == 13


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith((".yml", ".yaml"))])
def test_yaml_is_yaml(name: str) -> None:
    assert isinstance(yaml.safe_load(FILES[name]), dict)


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".py")])
def test_python_is_python(name: str) -> None:
    assert ast.parse(FILES[name]).body


def test_variables_are_those_that_the_program_reads_or_sets() -> None:
    known = {"--" + name.removeprefix("MOCK_BITRIX_").lower().replace("_", "-") for name in named()}
    of_options = {option for _, option in options()}
    of_env = {f"--{name.replace('_', '-')}" for name in NAMES}

    assert known <= of_options | of_env
    assert known & of_options


def named() -> set[str]:
    return set(re.findall(r"MOCK_BITRIX_[A-Z_]+", PAGE))


def test_commands_and_options_are_those_of_the_program() -> None:
    words = r"mock-bitrix (\w[\w-]*)((?: --[\w-]+(?: [\w./-]+)?)*)(?: --(?= )|\b)"
    lines = re.findall(words, PAGE)
    used = {
        (command, option) for command, rest in lines for option in re.findall("--[a-z-]+", rest)
    }
    known = set(options())

    assert ("run", "--fixtures") in used
    assert used <= known, used - known
    assert {command for command, _ in lines} - set(COMMANDS) == {"is", "ready"}


def test_the_image_is_the_dockerfile_s() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")

    assert "EXPOSE 8024" in dockerfile
    assert "HEALTHCHECK" in dockerfile
    assert len(set(re.findall(r"registry\.example/mock-bitrix:[\d.]+", PAGE))) == 1


def test_every_recipe_says_whether_it_was_tried() -> None:
    tried = PAGE.partition("## What was tried")[2]
    titles = re.findall(r"^\| ([^|]+?) \|", tried, re.MULTILINE)[2:]

    for title in (
        "the image",
        "GitHub",
        "GitLab",
        "Compose",
        "Python",
        "Java",
        "Vitest",
        "PHPUnit",
    ):
        assert any(title in each for each in titles), title


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".js")])
def test_javascript_is_javascript(name: str, tmp_path: Path) -> None:
    file = tmp_path / Path(name).with_suffix(".mjs").name
    file.write_text(FILES[name], encoding="utf-8")

    checked = finished(tool("node"), "--check", str(file), cwd=tmp_path)

    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".php")])
def test_php_is_php(name: str, tmp_path: Path) -> None:
    file = tmp_path / Path(name).name
    file.write_text(FILES[name], encoding="utf-8")

    checked = finished(tool("php"), "-l", str(file), cwd=tmp_path)

    assert checked.returncode == 0, checked.stdout


def test_the_recipe_for_pytest_runs(tmp_path: Path, with_server: Run) -> None:
    written(tmp_path, "pytest")

    ended = with_server(tool("python"), "-m", "pytest", "-q", "-p", "no:cacheprovider")

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "1 passed" in ended.stdout
