"""The request and answer pairs that the vendor's documentation shows."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Example:
    """One documented request, and the answer beside it.

    `via` says which callers may send it (oauth, webhook). `tied` is False where the answer, mostly
    an error, is not documented as the answer to just this request. An example without an answer
    has no `status` and no `response`; an answer without a documented status has no `status`.
    """

    method: str
    verb: str
    via: list[str]
    body: Any
    tied: bool
    status: int | None
    response: Any
    page: str
    query: dict[str, str] | None = None


@functools.cache
def queue_examples() -> tuple[Example, ...]:
    """The examples of the event methods and of the small methods about the portal itself."""
    return _read("examples.json")


@functools.cache
def entity_examples() -> tuple[Example, ...]:
    """The examples of methods that read and write what a portal holds."""
    return _read("entity_examples.json")


def _read(name: str) -> tuple[Example, ...]:
    rows = json.loads((_HERE / name).read_text(encoding="utf-8"))
    return tuple(Example(**row) for row in rows)
