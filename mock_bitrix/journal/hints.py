"""What was probably meant: likely mistakes in a call, in a sentence each. Found when it is read."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from mock_bitrix.journal.entries import Entry
from mock_bitrix.journal.masking import hide
from mock_bitrix.php.values import to_int, to_text
from mock_bitrix.portal.model import Portal
from mock_bitrix.rest import documented, registry

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator
    from mock_bitrix.queue.overview import Waiting

TAKE = "event.offline.get"

_A_NAME = re.compile("[A-Za-z_]{1,24}")

ENVELOPE = (
    "auth",
    "access_token",
    "auth_connector",
    "start",
    "state",
    "token",
    "sessid",
    "aplogin",
    "ap",
    "bx24_request_id",
)
"""Parameters that every method takes (protocol A.7), and what official clients add."""


class Hints:
    """Finds hints for the calls of one portal. The queue is asked once for each application."""

    def __init__(self, emulator: Emulator, portal: Portal) -> None:
        from mock_bitrix.queue.overview import Overview  # the start doesn't wait for it

        self._overview = Overview(emulator.database, portal)
        self._waiting: dict[int, list[Waiting]] = {}

    def of(self, entry: Entry) -> list[str]:
        """The hints for a call, the most telling first."""
        return [*by_call(entry), *self.empty(entry)]

    def empty(self, entry: Entry) -> Iterator[str]:
        """What an empty take may have overlooked: rows that waited elsewhere."""
        if entry.taken != 0 or entry.caller is None or entry.caller.application is None:
            return
        connector = entry.caller.connector
        for group in self._groups(entry.caller.application.id):
            if group.oldest > entry.at:
                continue
            if group.connector != connector:
                if not group.error:
                    yield _elsewhere(group, connector)
            elif group.error and not _given(entry, "error"):
                yield (
                    f"{group.count} rows are in error: they come with error=1 only, and take in "
                    "later changes of the same message"
                )

    def _groups(self, application_id: int) -> list[Waiting]:
        if application_id not in self._waiting:
            self._waiting[application_id] = self._overview.waiting(application_id)
        return self._waiting[application_id]


def by_call(entry: Entry) -> list[str]:
    """The hints that the call alone gives; no queue is asked."""
    return [*entry.notes, *(hint for hints in _BY_CALL for hint in hints(entry))]


def nearest_method(name: str) -> str | None:
    """The method whose name is most like a name that is none."""
    return _nearest(name.lower(), [method.name for method in registry.every()])


def _elsewhere(group: Waiting, connector: str) -> str:
    where = f'auth_connector "{group.connector}"' if group.connector else "no auth_connector"
    asked = f'"{connector}"' if connector else "none"
    return f"{group.count} rows wait under {where}; the take named {asked}"


def _unknown_method(entry: Entry) -> Iterator[str]:
    if entry.known or not entry.method:
        return
    near = nearest_method(entry.method)
    if documented.exists(entry.method):
        yield f"the real portal has {entry.method}, this server doesn't; a stub can answer it"
    elif near:
        yield f"there is no method {entry.method}; did you mean {near}?"


def _unknown_parameters(entry: Entry) -> Iterator[str]:
    if entry.parameters and entry.known and not entry.generic:
        yield from _unknown_among(entry.method, tuple(entry.parameters))


@functools.lru_cache(1024)
def _unknown_among(method: str, names: tuple[str, ...]) -> list[str]:
    """The hints for names of parameters: callers repeat themselves, and the log asks each time."""
    return list(_unknown(method, names))


def _unknown(method: str, names: tuple[str, ...]) -> Iterator[str]:
    called = registry.find(method)
    if called is None or called.parameters.model_config.get("extra") == "allow":
        return
    fields = list(called.parameters.model_fields)
    for name in names:
        folded = name.lower() if called.parameters.folds else name
        if folded in fields or name in ENVELOPE:
            continue
        if name.lower() in ENVELOPE:
            yield f"{_cut(name)} is not {name.lower()}: the case of its name matters"
            continue
        near = _nearest(name.lower(), [*fields, *ENVELOPE])
        shown, meant = (name, f"; did you mean {near}?") if near else (_named(name), "")
        yield f"parameter {_cut(shown)} is unknown and has no effect{meant}"


def _take(entry: Entry) -> Iterator[str]:
    if entry.method != TAKE or entry.status != 200:
        return
    clear = _given(entry, "clear")
    keeps = clear is not None and _counts_as_zero(clear)
    if keeps and not isinstance(clear, int | bool) and to_text(clear).strip() not in ("0", ""):
        yield f"clear {_cut(to_text(clear))!r} counts as 0: rows stay reserved; use 0 or 1"
    if keeps:
        return
    if _given(entry, "process_id") is not None:
        yield "process_id without clear=0 deletes the whole batch, shown or not"
    elif entry.verb == "GET":
        yield "a take by GET: whoever repeats it, such as a proxy, takes rows away; use POST"


def _counts_as_zero(value: object) -> bool:
    return not isinstance(value, list | dict) and to_int(value) == 0


def _given(entry: Entry, name: str) -> object:
    for key, value in entry.parameters.items():
        if key.lower() == name:
            return value
    return None


def _nearest(given: str, known: list[str]) -> str | None:
    found = difflib.get_close_matches(given, known, n=1, cutoff=0.75)
    return found[0] if found else None


def _named(name: str) -> str:
    """A name like no other: the text of a body that was taken for a form, a token, a secret?"""
    return name if _A_NAME.fullmatch(name) else hide(name)


def _cut(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


_BY_CALL: tuple[Callable[[Entry], Iterator[str]], ...] = (
    _unknown_method,
    _take,
    _unknown_parameters,
)
