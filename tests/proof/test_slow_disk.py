"""A disk on which each write and each wait for it takes long: slower, nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.proof.budget import seeds
from tests.proof.test_dying import story

SECONDS = 20.0
WRITE, WAIT = 2_000, 200_000
"""Microseconds that each write, and each wait until it is on the disk, takes longer."""

SLOW = (
    *("strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=pwrite64,fdatasync,fsync"),
    *("-e", f"inject=pwrite64:delay_exit={WRITE}"),
    *("-e", f"inject=fdatasync,fsync:delay_exit={WAIT}"),
)
"""strace, which stays beside the process instead of being its parent."""


def can_be_slowed() -> bool:
    """Whether strace is here and may do its work."""
    if not shutil.which("strace"):
        return False
    tried = [*SLOW, sys.executable, "-c", ""]
    return subprocess.run(tried, check=False, capture_output=True).returncode == 0


@pytest.mark.long
def test_servers_that_die_on_a_slow_disk_lose_and_repeat_nothing(tmp_path: Path) -> None:
    if not can_be_slowed():
        pytest.skip("needs strace, and the right to use it")
    database = f"sqlite:///{tmp_path / 'portal.sqlite'}"
    for seed in seeds(0):
        print(story(tmp_path, database, seed, seconds=SECONDS, replicas=2, under=SLOW))  # noqa: T201
