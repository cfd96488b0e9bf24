"""What the address of a portal's page asks for, and links to pages that ask for something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from mock_bitrix.console.html import Markup, joined, void

LARGEST = 2**63 - 1

QUEUE = ("state", "client_id", "connector", "event", "process", "search", "order", "cursor")
CALLS = ("method", "about", "only")
EXPLANATION = ("why", "under", "failed", "filter")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for; an empty text asks nothing.

    Of the queue: rows in a state, of an application, under a connector (`=NAME`; `=`: under
    none), of an event, of a process, with a text in their data; `order` oldest or newest first;
    `cursor`: from the row beside this id on. Of the calls: methods by pattern, calls `about` a
    text, only those that failed or have hints. `why`: the application whose queue is to be
    explained, as a take sees it. `emit`: the event that is to be emitted.
    """

    state: str = ""
    client_id: str = ""
    connector: str = ""
    event: str = ""
    process: str = ""
    search: str = ""
    order: str = ""
    cursor: int = 0
    method: str = ""
    about: str = ""
    only: str = ""
    why: str = ""
    under: str = ""
    failed: str = ""
    filter: str = ""
    emit: str = ""

    @property
    def oldest_first(self) -> bool:
        """Whether rows are shown in the order of their ids; else against it."""
        return self.order == "oldest"

    def link(self, **changes: Any) -> str:
        """The address of the same page with something else asked for."""
        changed = {**self._given(), **changes}
        return "?" + urlencode({name: value for name, value in changed.items() if value})

    def kept(self, *but: str) -> Markup:
        """Fields by which a form asks again for all that it doesn't ask itself."""
        return joined(
            void("input", type="hidden", name=name, value=str(value))
            for name, value in self._given().items()
            if value and name not in but
        )

    def _given(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def asked(query: Mapping[str, str]) -> Asked:
    """What a query asks for; whatever it holds else is passed over."""
    given: dict[str, Any] = {name: _text(query.get(name, "")) for name in _TEXTS}
    return Asked(**given, cursor=_number(query.get("cursor", "")))


_TEXTS = [name for name in Asked.__dataclass_fields__ if name != "cursor"]


def _text(given: str) -> str:
    # What isn't text in UTF-8, and what PostgreSQL has no text for, is in no row.
    return given.encode("utf-8", "replace").decode().replace("\0", "")


def _number(given: str) -> int:
    return min(int(given[:19]), LARGEST) if given.isascii() and given.isdigit() else 0
