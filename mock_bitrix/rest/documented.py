"""The methods that the real portal documents, whether this server answers them or not."""

import difflib
import functools
import json
from pathlib import Path

_FACTS = Path(__file__).with_name("documented.json")


def scope_of(method: str) -> str | None:
    """The scope that a documented method needs, its name in any case; None if it is unknown."""
    return _scopes().get(method.lower())


def exists(method: str) -> bool:
    """Whether the real portal documents this method; case does not matter (protocol A.2)."""
    return method.lower() in _scopes()


def names(scope: str | None = None) -> list[str]:
    """The documented methods of a scope, or of all, as the documentation spells them."""
    if scope is not None:
        return list(_facts().get(scope, ()))
    return [name for group in _facts().values() for name in group]


def scopes() -> list[str]:
    """The scopes that have methods."""
    return list(_facts())


def nearest(method: str) -> str | None:
    """The documented method that looks most like this one, lower case, or None."""
    found = difflib.get_close_matches(method.lower(), _scopes(), n=1)
    return found[0] if found else None


@functools.cache
def _facts() -> dict[str, list[str]]:
    facts: dict[str, list[str]] = json.loads(_FACTS.read_text(encoding="utf-8"))
    return facts


@functools.cache
def _scopes() -> dict[str, str]:
    return {name.lower(): scope for scope, group in _facts().items() for name in group}
