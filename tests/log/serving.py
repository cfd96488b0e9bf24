"""A server process whose standard output and error go to files, so that nothing it says is lost."""

from __future__ import annotations

import json
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.cli.program import PATIENCE, command, environment


class Told:
    """`mock-bitrix serve`, or another program that starts one, and all that it tells."""

    def __init__(
        self, home: Path, *arguments: str, start: list[str] | None = None, **more: str
    ) -> None:
        self.directory = Path(tempfile.mkdtemp(dir=home))
        program = start or command("serve", "--port", "0")
        with self.file("out").open("wb") as out, self.file("err").open("wb") as err:
            self.process = subprocess.Popen(
                [*program, *arguments],
                env=environment(home, TMPDIR=str(self.directory), **more),
                stdout=out,
                stderr=err,
            )

    def __enter__(self) -> Told:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def file(self, name: str) -> Path:
        return self.directory / name

    @property
    def out(self) -> str:
        return self.file("out").read_text()

    @property
    def err(self) -> str:
        return self.file("err").read_text()

    @property
    def url(self) -> str:
        """The address, once the server is ready."""
        return self.wait("out", "mock-bitrix ready on ").partition("ready on ")[2].split()[0]

    @property
    def records(self) -> list[dict[str, Any]]:
        """The lines of `--log json`."""
        return [json.loads(line) for line in self.err.splitlines()]

    def wait(self, name: str, text: str) -> str:
        """All of a file, once it contains a text that will come soon, and the line is whole."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            known = self.file(name).read_text()
            if "\n" in known.partition(text)[2] and text in known:
                return known
            time.sleep(0.01)
        raise AssertionError(f"{text!r} did not come; there is {self.out} {self.err}")

    def end(self) -> int:
        """Let it end; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)
