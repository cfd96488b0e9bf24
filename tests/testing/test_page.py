"""The snippets of docs/testing.md run, as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")
SNIPPET = re.compile(r"<!-- (\S+) -->\n```python\n(.*?)```", re.DOTALL)
SHOP = "apps: [{client_id: local.shop, tokens: [{user: 1}]}]\n"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Every snippet in a file of its name."""
    for name, text in SNIPPET.findall(PAGE):
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "shop.yaml").write_text(SHOP, encoding="utf-8")
    return tmp_path


def run(directory: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A Python process of its own, without what this one's coverage or pytest has set."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MOCK_BITRIX", "PYTEST", "COV"))
    }
    return subprocess.run(
        [sys.executable, *command],
        cwd=directory,
        env=kept,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


def test_every_python_block_has_a_file() -> None:
    assert len(SNIPPET.findall(PAGE)) == PAGE.count("```python")


def test_the_pages_tests_pass(directory: Path) -> None:
    ended = run(directory, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider")

    tests = sum(text.count("def test_") for _, text in SNIPPET.findall(PAGE))
    assert f"{tests} passed" in ended.stdout, ended.stdout + ended.stderr


def test_the_pages_script_runs(directory: Path) -> None:
    ended = run(directory, "script.py")

    assert (ended.stdout, ended.stderr) == ("{'FIELDS': {'ID': 5}}\n", "")
