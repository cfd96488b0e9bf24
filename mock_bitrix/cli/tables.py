"""Tables for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

WIDEST = 48
"""Characters of a cell; what is longer is cut."""


def table(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The lines of a table; a line that says so where there is nothing in it."""
    cells = [[_cell(row[column]) for column in columns] for row in rows]
    if not cells:
        yield "nothing"
        return
    widths = [max(map(len, each)) for each in zip(columns, *cells, strict=True)]
    for row in [list(columns), *cells]:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def shown_time(text: str) -> str:
    """The time of day in an ISO time."""
    return text[11:19]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = "".join(letter if letter.isprintable() else "�" for letter in text)
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
