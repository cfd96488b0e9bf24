"""Programs that recipes need; a machine that hasn't got one skips what needs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import home
from tests.cli.program import command, environment

__all__ = ["home"]

PATIENCE = 120
Run = Callable[..., subprocess.CompletedProcess[str]]


def tool(name: str) -> str:
    """Where a program is; .ci/long/60-recipes.sh says what installs it."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        pytest.skip(f"needs {name}")
    return found


def package(name: str) -> Path:
    """The directory of an npm package of the recipes, in fixed versions."""
    found = Path(__file__).parent / "js" / "node_modules" / name
    if not found.exists():
        pytest.skip(f"needs {name}: npm ci in tests/recipes/js")
    return found


def finished(*given: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """A program that has ended."""
    return subprocess.run(
        given,
        cwd=cwd,
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.fixture
def with_server(home: Path, tmp_path: Path) -> Run:
    """Runs a command as `mock-bitrix run -- COMMAND`, in the test's directory."""

    def run(*given: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command("run", "--", *given),
            cwd=tmp_path,
            env=environment(home),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    return run
