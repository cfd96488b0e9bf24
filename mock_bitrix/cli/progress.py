"""The bar that shows how far a large load has come."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import Any

import click


class Bar:
    """A bar on standard error, from the first step to the last; on a terminal only."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._open = ExitStack()
        self._bar: Any = None

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of `total` is done."""
        if self._bar is None:
            bar = click.progressbar(length=total, label=self._label, file=sys.stderr)
            self._bar = self._open.enter_context(bar)
        self._bar.update(done - self._bar.pos)
        if done >= total:
            self._open.close()
