"""HTML that can't be got wrong: whatever isn't `Markup` is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def safe(value: object) -> Markup:
    """A value as HTML: `Markup` as it is, everything else escaped, None as nothing."""
    if isinstance(value, Markup):
        return value
    return Markup("" if value is None else escape(str(value)))


def element(name: str, /, *inside: object, **attributes: str) -> Markup:
    """An element; a trailing or inner `_` of an attribute stands for nothing or `-`."""
    shown = "".join(f' {_name(key)}="{escape(value)}"' for key, value in attributes.items())
    return Markup(f"<{name}{shown}>{joined(inside)}</{name}>")


def joined(parts: Iterable[object]) -> Markup:
    """Parts, one after the other."""
    return Markup("".join(safe(part) for part in parts))


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Markup:
    """A table with a caption and headers, in a box that scrolls by keyboard, too."""
    head = joined(element("th", each, scope="col") for each in heads)
    lines = [element("tr", *(element("td", cell) for cell in row)) for row in rows]
    if not lines:
        lines = [element("tr", element("td", "Nothing here.", colspan=str(len(heads))))]
    inner = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", head)),
        element("tbody", *lines),
    )
    return element("div", inner, class_="scroll", tabindex="0", role="region", aria_label=caption)


def choices(options: Mapping[str, str], chosen: str) -> Markup:
    """Options of a select: value and label."""
    return joined(_option(value, label, value == chosen) for value, label in options.items())


def _option(value: str, label: str, selected: bool) -> Markup:
    mark = " selected" if selected else ""
    return Markup(f'<option value="{escape(value)}"{mark}>{escape(label)}</option>')


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")
