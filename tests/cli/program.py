"""The command line as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from click.testing import CliRunner, Result

from mock_bitrix.cli import main

ROOT = Path(__file__).parents[2]
PATIENCE = 60


def environment(home: Path, **more: str) -> dict[str, str]:
    """This process's, without its own MOCK_BITRIX_ variables and proxies."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MOCK_BITRIX") and not name.lower().endswith("_proxy")
    }
    return {**kept, "MOCK_BITRIX_HOME": str(home), "PYTHONPATH": str(ROOT), **more}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "mock_bitrix", *arguments]


def finished(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command that has ended."""
    return subprocess.run(
        command(*arguments),
        env=environment(home, **more),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def within(*arguments: str) -> Result:
    """A command that ends soon, in this process: quicker."""
    return CliRunner().invoke(main, arguments, prog_name="mock-bitrix")


class Serving:
    """`mock-bitrix serve`, from its ready line on; `under`: a command that starts it."""

    def __init__(self, home: Path, *arguments: str, under: Sequence[str] = (), **more: str) -> None:
        temporary = self.temporary = Path(tempfile.mkdtemp(dir=home))
        self.process = subprocess.Popen(
            [*under, *command("serve", "--port", "0", *arguments)],
            env=environment(home, TMPDIR=str(temporary), **more),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.ready = self.process.stdout.readline().strip()

    def __enter__(self) -> Serving:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    @property
    def url(self) -> str:
        return self.ready.rpartition(" ")[2]

    def end(self, number: int) -> tuple[int, str]:
        """Send a signal; the exit status, and what stood on standard error."""
        self.process.send_signal(number)
        _, complaints = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, complaints
