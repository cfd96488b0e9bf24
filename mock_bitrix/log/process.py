"""One process, one log: whatever any part of it, or any library, complains of goes there."""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
from collections.abc import Iterator
from typing import Any

from mock_bitrix.log.failures import described, first_words
from mock_bitrix.log.log import Log, standard_error
from mock_bitrix.settings import Settings

OWN = "mock_bitrix"


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[Log]:
    """The log of this process, from now on; at the end everything is as it was."""
    log = Log(standard_error(), settings.log, quiet=settings.quiet)
    handler = Complaints(log)
    root = logging.getLogger()
    root.addHandler(handler)
    log.start()
    try:
        with _uncaught(log):
            yield log
    finally:
        root.removeHandler(handler)
        log.stop()


class Complaints(logging.Handler):
    """Takes warnings and errors of every logger, without what may be a secret in them.

    The package's own say nothing secret; of other libraries' only the first words are shown.
    """

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Pass a record on."""
        own = record.name.partition(".")[0] == OWN
        text = record.getMessage() if own else first_words(str(record.msg))
        if record.exc_info and record.exc_info[1]:
            text = f"{text}: {described(record.exc_info[1])}"
        self._log.say(record.levelname.lower(), record.name, text)


@contextlib.contextmanager
def _uncaught(log: Log) -> Iterator[None]:
    """Inside, what nobody catches in a thread or when something is destroyed goes to the log."""

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value and not isinstance(args.exc_value, SystemExit):
            log.say("error", "thread", described(args.exc_value))

    def unraisable(args: Any) -> None:
        log.say("error", "python", described(args.exc_value) if args.exc_value else "ignored")

    before = threading.excepthook, sys.unraisablehook
    threading.excepthook, sys.unraisablehook = in_thread, unraisable
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook = before
