"""The servers that are measured, each a process of its own, on a free port."""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ANSWER = Path(__file__).with_name("empty.json")
"""The answer to a poll of an empty queue, as the static servers give it."""

DESCRIPTION = Path(__file__).with_name("static.yaml")
"""The same as an OpenAPI description."""


@contextlib.contextmanager
def process(*command: str, heard: bool = True) -> Iterator[subprocess.Popen[str]]:
    """A process that is ended when the block is left; `heard`: what it says can be read."""
    said = subprocess.PIPE if heard else subprocess.DEVNULL
    running = subprocess.Popen(command, stdout=said, text=True, stderr=subprocess.DEVNULL)
    try:
        yield running
    finally:
        running.terminate()
        running.wait(10)
        if running.stdout:
            running.stdout.close()


@contextlib.contextmanager
def emulator(
    database: str, *options: str, module: str = "mock_bitrix"
) -> Iterator[tuple[int, int]]:
    """A mock-bitrix on a database: its port and its process id."""
    command = (sys.executable, "-m", module, "serve", "--port", "0", "--quiet")
    with process(*command, "--database", database, *options) as running:
        assert running.stdout
        line = running.stdout.readline()
        ready = re.search(r"ready on http://127\.0\.0\.1:(\d+)", line)
        assert ready, line
        yield int(ready[1]), running.pid


@contextlib.contextmanager
def bare(kind: str) -> Iterator[int]:
    """`uvicorn` or `fastapi` with a static answer: its port."""
    port = free_port()
    with process(sys.executable, "-m", "tests.benchmarks.bare", kind, str(port)):
        wait_for(port)
        yield port


PRISM = ("prism", "mock", str(DESCRIPTION), "-p")
MOCKOON = (
    *("mockoon-cli", "start", "--data", str(DESCRIPTION), "--hostname", "127.0.0.1"),
    *("--disable-log-to-file", "--disable-admin-api", "--port"),
)
"""Static mock servers of others: commands that want a port at their end."""


@contextlib.contextmanager
def installed(name: str, *options: str) -> Iterator[int | None]:
    """One of these, or None where it isn't installed."""
    found = shutil.which(name)
    if not found:
        yield None
        return
    port = free_port()
    with process(found, *options, str(port), heard=False):
        wait_for(port)
        yield port


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, seconds: float = 30) -> None:
    """Wait until something listens."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise TimeoutError(f"nothing listens on port {port}")
