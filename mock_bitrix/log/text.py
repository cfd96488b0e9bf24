"""Records as lines: aligned columns for people, in colour where the terminal has any; or JSON."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import orjson

from mock_bitrix.log.records import Fields

Render = Callable[[Fields], str]
Paint = Callable[[str, str], str]

DIM, RED, GREEN, YELLOW, CYAN = "2", "31", "32", "33", "36"


def as_json(fields: Fields) -> str:
    """A record as one line of JSON."""
    try:
        return orjson.dumps(fields).decode()
    except TypeError:  # half a surrogate pair, which somebody sent
        return json.dumps(fields)


class Lines:
    """Makes lines for people."""

    def __init__(self, *, coloured: bool) -> None:
        self._paint = _painted if coloured else _plain

    def __call__(self, fields: Fields) -> str:
        """A record as one line."""
        kind = fields["kind"]
        if kind == "call":
            return self._call(fields)
        return self._delivery(fields) if kind == "delivery" else self._message(fields)

    def _call(self, call: Fields) -> str:
        who = call["application"] or call["webhook"]
        method = call["method"] if call["batch"] is None else f"- {call['method']}"
        head = _head(self._paint, who, method, call["status"])
        rows = _NO_ROWS if call["taken"] is None else _rows(call["taken"], call["left"])
        line = f"{self._time(call)} {head} {rows} {_milliseconds(call['duration'])}"
        if call["hints"] or call["error"] or call["fault"] or not call["sent"]:
            return line + "".join(self._remarks(call))
        return line

    def _remarks(self, call: Fields) -> Iterator[str]:
        if call["error"]:
            yield f"  {call['error']}"
        if call["fault"]:
            yield self._paint(RED, f"  fault {call['fault']}")
        if not call["sent"]:
            yield self._paint(RED, "  the answer was lost")
        for hint in call["hints"]:
            yield self._paint(CYAN, f"  hint: {_clean(hint)}")

    def _delivery(self, sent: Fields) -> str:
        head = _head(self._paint, sent["application"], sent["event"], sent["status"])
        failure = self._paint(RED, f"  {_clean(sent['failure'])}") if sent["failure"] else ""
        return (
            f"{self._time(sent)} {head} {'to a handler':<{len(_NO_ROWS)}} "
            f"{_milliseconds(sent['duration'])}  {_clean(sent['handler'])}{failure}"
        )

    def _message(self, said: Fields) -> str:
        if said["source"] == "start":
            return f"mock-bitrix: {_clean(said['message'])}"
        level = self._paint(YELLOW if said["level"] == "warning" else RED, said["level"])
        return f"{self._time(said)} {level} {said['source']}: {_clean(said['message'])}"

    def _time(self, fields: Fields) -> str:
        at: str = fields["time"]
        return self._paint(DIM, f"{_local(at[:19])}{at[19:23]}")


@functools.lru_cache(1024)
def _head(paint: Paint, who: str | int | None, what: str, status: int | None) -> str:
    """Who called or is told, what, and how it ended. Few differ, so they are kept."""
    name = f"webhook {who}" if isinstance(who, int) else who or "-"
    return f"{_clean(name):<16} {_clean(what):<24} {_status(paint, status)}"


def _status(paint: Paint, status: int | None) -> str:
    if status is None:
        return paint(RED, "---")
    colour = GREEN if status < 400 else YELLOW if status < 500 else RED
    return paint(colour, str(status))


def _rows(taken: int, left: int | None) -> str:
    return f"{taken:>6} taken {'?' if left is None else left:>6} left"


_NO_ROWS = " " * len(_rows(0, 0))


def _milliseconds(seconds: float | None) -> str:
    return " " * 12 if seconds is None else f"{seconds * 1000:>9.1f} ms"


@functools.lru_cache(4)
def _local(moment: str) -> str:
    """The time of day here, of a second in UTC."""
    return datetime.fromisoformat(f"{moment}+00:00").astimezone().strftime("%H:%M:%S")


def wants_colour(environment: Mapping[str, str], *, terminal: bool) -> bool:
    """Whether lines are coloured: NO_COLOR and FORCE_COLOR say so, else where they go."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return environment["FORCE_COLOR"] not in ("0", "false")
    if os.name == "nt" and not environment.get("WT_SESSION"):  # the old console shows the codes
        return False
    return terminal and environment.get("TERM") != "dumb"


def _painted(colour: str, text: str) -> str:
    return f"\033[{colour}m{text}\033[0m"


def _plain(_colour: str, text: str) -> str:
    return text


def _clean(text: str) -> str:
    """The text with whatever could steer a terminal made visible."""
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    return character if character.isprintable() else repr(character)[1:-1]
