"""The log of one process, on standard error: what it hears, how it is written."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mock_bitrix import clock
from mock_bitrix.journal.entries import Delivered, Entry
from mock_bitrix.log.failures import described
from mock_bitrix.log.hinting import Hinting
from mock_bitrix.log.records import Fields, Said, of_call, of_delivery, of_saying
from mock_bitrix.log.text import Lines, Render, as_json, wants_colour
from mock_bitrix.log.writer import Writer
from mock_bitrix.storage.database import StorageError

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator

Item = Entry | Delivered | Said


class Log:
    """Says what happens, in `form` text or json; `quiet`: only what goes wrong."""

    def __init__(self, descriptor: int, form: str, *, quiet: bool) -> None:
        self._render: Render = as_json if form == "json" else _lines(descriptor)
        self._quiet = quiet
        self._told = 0
        self._emulator: Emulator | None = None
        self._hinting: Hinting | None = None
        self._writer: Writer[Item] = Writer(descriptor, self._line)

    def start(self) -> None:
        """Begin to write."""
        self._writer.start()

    def stop(self) -> None:
        """Write what waits, and end."""
        self._writer.stop()

    def note(self, text: str) -> None:
        """Something about the start that a person should know."""
        self.say("warning", "start", text)

    def say(self, level: str, source: str, text: str) -> None:
        """Anything that is neither call nor delivery."""
        self._writer.put(Said(clock.system_now(), level, source, text))

    @contextlib.contextmanager
    def watching(self, emulator: Emulator) -> Iterator[None]:
        """Inside, each call and each delivery of the emulator makes a line."""
        if self._quiet:
            yield
            return
        self._emulator, self._hinting = emulator, Hinting(emulator)
        emulator.journal.listener = self._writer.put
        try:
            yield
        finally:
            emulator.journal.listener = None
            self._writer.flush()
            self._emulator = self._hinting = None  # its database closes now

    def _line(self, item: Item) -> str:
        try:
            line = self._render(self._fields(item))
        except Exception as failure:  # a line that fails must not end the log
            said = Said(clock.system_now(), "error", __name__, f"a line: {described(failure)}")
            line = self._render(of_saying(said))
        return line if self._writer.dropped == self._told else f"{line}\n{self._dropped()}"

    def _fields(self, item: Item) -> Fields:
        if isinstance(item, Said):
            return of_saying(item)
        if isinstance(item, Delivered):
            return of_delivery(item, self._domain(item.portal_id))
        caller = item.caller
        domain = caller.portal.domain if caller else self._domain(item.portal_id)
        return of_call(item, domain, self._hinting.of(item) if self._hinting else ())

    def _domain(self, portal_id: int) -> str | None:
        if not portal_id or self._emulator is None:
            return None
        try:
            portal = self._emulator.directory.portal(portal_id)
        except StorageError:
            return None
        return portal.domain if portal else None

    def _dropped(self) -> str:
        lost, self._told = self._writer.dropped - self._told, self._writer.dropped
        text = f"{lost} lines were dropped: they came faster than they could be written"
        return self._render(of_saying(Said(clock.system_now(), "warning", __name__, text)))


def _lines(descriptor: int) -> Render:
    return Lines(coloured=wants_colour(os.environ, terminal=os.isatty(descriptor)))


def standard_error() -> int:
    """Where the log goes; nowhere, where there is no standard error."""
    try:
        return sys.stderr.fileno()
    except (AttributeError, OSError, ValueError):
        return os.open(os.devnull, os.O_WRONLY)
