"""The user's worker as processes: started, started again, killed, stopped."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mock_bitrix import clock
from mock_bitrix.check.evidence import Ended
from mock_bitrix.settings import SettingError

REST = 0.2
"""Seconds before a process that ended is started again."""

MOST_FAILURES = 5
"""Processes that may fail one after the other before none is started any more."""

Environment = Callable[[], dict[str, str]]


@dataclass(slots=True)
class _Slot:
    """One worker: the process that is it now, what it says, and when it may start again."""

    output: Path
    process: subprocess.Popen[bytes] | None = None
    not_before: float = 0.0


@dataclass(slots=True)
class Workers:
    """So many processes of one command; one that ends is started again.

    `environment` is asked for at each start. `begun`: when the last one was started, in seconds
    since 1970. `ended`: those that ended by themselves.
    """

    command: Sequence[str]
    environment: Environment
    directory: Path
    grace: float
    begun: float = 0.0
    ended: list[Ended] = field(default_factory=list)
    stubborn: bool = False
    _slots: list[_Slot] = field(default_factory=list)
    _failures: int = 0

    def start(self, count: int = 1) -> None:
        """Start further workers."""
        for _ in range(count):
            slot = _Slot(self.directory / f"worker.{len(self._slots) + 1}.log")
            self._slots.append(slot)
            self._begin(slot)

    def tend(self) -> None:
        """Start those again that have ended, unless they have failed too often."""
        for slot in self._slots:
            if slot.process and slot.process.poll() is not None:
                self._note(slot, slot.process)
                slot.process, slot.not_before = None, clock.stopwatch() + REST
            if slot.process is None and clock.stopwatch() >= slot.not_before and not self.hopeless:
                self._begin(slot)

    @property
    def hopeless(self) -> bool:
        """Whether they fail so often that none is started any more."""
        return self._failures >= MOST_FAILURES

    @property
    def running(self) -> bool:
        """Whether there is one, as far as was last looked."""
        return any(slot.process for slot in self._slots)

    @property
    def said(self) -> str:
        """The end of what they said, standard output and error together."""
        return "\n".join(_tail(slot.output) for slot in self._slots if _tail(slot.output))

    def crash(self) -> None:
        """Kill them all, in the middle of whatever they do; they start again."""
        for slot in self._slots:
            if slot.process:
                _signal(slot.process, kill=True)
                slot.process.wait()
            slot.process, slot.not_before = None, clock.stopwatch()

    def stop(self) -> None:
        """Ask them to end, and kill those that don't."""
        running = [slot.process for slot in self._slots if slot.process]
        for process in running:
            _signal(process, kill=False)
        for process in running:
            try:
                process.wait(self.grace)
            except subprocess.TimeoutExpired:
                self.stubborn = True
            _signal(process, kill=True)  # what the process has left behind
            process.wait()
        self._slots = [_Slot(slot.output) for slot in self._slots]

    def _begin(self, slot: _Slot) -> None:
        self.begun = clock.system_now()
        with slot.output.open("ab") as output:
            slot.process = subprocess.Popen(
                self.command,
                env=os.environ | self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _note(self, slot: _Slot, process: subprocess.Popen[bytes]) -> None:
        """A process has ended by itself; what it has left behind ends, too."""
        _signal(process, kill=True)
        status = process.returncode
        self._failures = self._failures + 1 if status else 0
        shown = 128 - status if status < 0 else status  # as a shell says it
        self.ended.append(Ended(shown, _tail(slot.output, 1)))


def runnable(command: Sequence[str]) -> Sequence[str]:
    """The command, if there is such a program. Raises `SettingError`."""
    if shutil.which(command[0]) is None:
        raise SettingError(f"{command[0]}: there is no such program")
    return command


def _signal(process: subprocess.Popen[bytes], *, kill: bool) -> None:
    """To the process, and to all that it has started where the system has process groups."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL if kill else signal.SIGTERM)
        elif kill:
            process.kill()
        else:
            process.terminate()


def _tail(output: Path, lines: int = 15) -> str:
    try:
        with output.open("rb") as file:
            file.seek(max(0, output.stat().st_size - 8192))
            text = file.read().decode("utf-8", "replace").strip()
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-lines:])
