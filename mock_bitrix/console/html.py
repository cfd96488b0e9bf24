"""HTML that can't be got wrong: whatever isn't `Markup` is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

Attribute = str | bool | None


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def safe(value: object) -> Markup:
    """A value as HTML: `Markup` as it is, everything else escaped, None as nothing."""
    if isinstance(value, Markup):
        return value
    return Markup("" if value is None else escape(str(value)))


def element(name: str, /, *inside: object, **attributes: Attribute) -> Markup:
    """An element; a trailing or inner `_` of an attribute stands for nothing or `-`.

    An attribute that is True stands alone; one that is False or None is left out.
    """
    return Markup(f"<{name}{_shown(attributes)}>{joined(inside)}</{name}>")


def void(name: str, /, **attributes: Attribute) -> Markup:
    """An element that has nothing inside and no end."""
    return Markup(f"<{name}{_shown(attributes)}>")


def joined(parts: Iterable[object]) -> Markup:
    """Parts, one after the other."""
    return Markup("".join(safe(part) for part in parts))


def choices(options: Mapping[str, str], chosen: str) -> Markup:
    """Options of a select: value and label."""
    return joined(
        element("option", label, value=value, selected=value == chosen)
        for value, label in options.items()
    )


def _shown(attributes: Mapping[str, Attribute]) -> str:
    return "".join(_attribute(key, value) for key, value in attributes.items())


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(value)}"'
