"""Pieces that several parts of the console are made of: tables, fields, links, times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import orjson

from mock_bitrix.console.asked import Asked
from mock_bitrix.console.html import Attribute, Markup, choices, element, joined, void

MANY = 4_000
"""Characters of a value that are shown when it is opened."""

FEW = 120
"""Characters of it that are shown before."""

_SHOWN_OF_PROCESS = 8

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def table(caption: str, heads: Sequence[str], bodies: Iterable[Markup], *more: Markup) -> Markup:
    """A table in a box that scrolls, by keyboard, too. `bodies`: rows, or bodies of rows."""
    lines = list(bodies) or [row("Nothing here.", colspan=str(len(heads)), class_="none")]
    head = joined(element("th", each, scope="col") for each in heads)
    grouped = lines[0].startswith("<tbody")
    inner = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", head)),
        joined(lines) if grouped else element("tbody", *lines),
        *more,
    )
    return element("div", inner, class_="scroll", tabindex="0", role="region", aria_label=caption)


def row(*cells: object, id_: str | None = None, **attributes: Attribute) -> Markup:
    """A row of a table; `attributes` are those of its cells."""
    return element("tr", *(element("td", each, **attributes) for each in cells), id_=id_)


def field(label: str, *inside: Markup, hint: str = "") -> Markup:
    """A field under its label."""
    told = (element("small", hint),) if hint else ()
    return element("label", element("span", label, *told), *inside)


def text(name: str, value: str = "", **attributes: Attribute) -> Markup:
    """A field for a line of text."""
    given: dict[str, Attribute] = {"autocomplete": "off", "spellcheck": "false", **attributes}
    return void("input", name=name, value=value, **given)


def select(name: str, options: Mapping[str, str], chosen: str = "") -> Markup:
    """A field to choose in; what is chosen and isn't there is there nevertheless."""
    known = options if chosen in options else {**options, chosen: chosen}
    return element("select", choices(known, chosen), name=name)


def suggestions(id_: str, values: Iterable[str]) -> Markup:
    """What a field may suggest, which names it by `list`."""
    return element("datalist", *(void("option", value=each) for each in values), id_=id_)


def buttons(cleared: str) -> Markup:
    """The end of a filter: it is used, or left, which leads to the address `cleared`."""
    show, clear = element("button", "Show"), element("a", "Clear", href=cleared)
    return element("div", show, clear, class_="buttons")


def pill(label: str, kind: str) -> Markup:
    """A word in a colour that repeats what it says."""
    return element("span", label, class_=f"pill {kind}")


def opened(summary: object, *inside: object) -> Markup:
    """Something to open, under a line."""
    return element("details", element("summary", summary), *inside)


def pretty(value: object) -> Markup:
    """A value in full, or its beginning."""
    return element("pre", cut(indented(value), MANY))


def line(value: object, longest: int = FEW) -> str:
    """A value on one line, or the beginning of it."""
    shown = value if isinstance(value, str) else orjson.dumps(value).decode()
    return cut(shown, longest)


def cut(given: str, longest: int) -> str:
    """The beginning of a text."""
    return given if len(given) <= longest else given[: longest - 1] + "…"


def span(seconds: float) -> str:
    """How long something took or takes: `12 s`, `3 min`, `2 h 5 min`, `4 d 1 h`."""
    whole = max(0, int(seconds))
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    if whole < _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
    return f"{whole // _DAY} d {whole % _DAY // _HOUR} h"


def process_link(asked: Asked, process: str) -> Markup:
    """A reservation by the beginning of its name: its rows, and the calls that speak of it."""
    shown = element("code", cut(process, _SHOWN_OF_PROCESS + 1))
    link = asked.link(process=process, about=process, cursor=0)
    return element("a", shown, href=link, title=process)


def moment(at: str) -> Markup:
    """A time of day; the whole of it where one asks."""
    return element("time", at[11:19], datetime=at, title=at)


def number(count: int, one: str, many: str = "") -> str:
    """`1 row`, `12,345 rows`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def indented(value: object) -> str:
    """A value as JSON for people; text as it is."""
    if isinstance(value, str):
        return value
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
