"""What is wrong with a document, in words: where, what was seen, what was expected."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mock_bitrix.portal.kinds import A_TIME, PATTERNS
from mock_bitrix.portal.paths import Path, hint, told

LONGEST = 60
"""Characters of a value that a message shows."""


def problem_of(error: ValidationError, model: type[BaseModel]) -> tuple[Path, str]:
    """The first thing that is wrong: its path, and a line that names what would be right."""
    first = error.errors(include_url=False)[0]
    path = tuple(part for part in first["loc"] if part != "[key]")
    kind = first["type"]
    if kind == "extra_forbidden":
        return path, f"no such key{hint(str(path[-1]), _keys(model, path[:-1]))}"
    if kind == "missing":
        return path, "is missing"
    if kind.startswith("recursion"):
        return _without_kinds(path), "is nested too deeply"
    return path, _words(first, path)


def _without_kinds(path: Path) -> Path:
    """A path up to the first free value, from where pydantic names kinds between the keys."""
    ends = (number for number, part in enumerate(path) if part in ("list", "dict"))
    return path[: next(ends, len(path))]


def _words(error: ErrorDetails, path: Path) -> str:
    explain = _KINDS.get(error["type"])
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    seen = told(path, saw(error["input"]))
    if explain is None:
        return f"{seen} doesn't fit: {error['msg']}"
    return f"{seen} {explain(error.get('ctx', {}), error['input'])}"


def saw(value: object) -> str:
    """A value as it looks in a file, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _keys(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that the part of a document at `path` may have."""
    found: type[BaseModel] = model
    for part in path:
        if isinstance(part, str) and part in found.model_fields:
            found = _part_in(found.model_fields[part].annotation) or found
    return list(found.model_fields)


def _part_in(annotation: Any) -> type[BaseModel] | None:
    """The part that a field holds, alone or in a list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_part_in, get_args(annotation))), None)


_Explain = Callable[[dict[str, Any], Any], str]


def _is_no(what: str, expected: str = "") -> _Explain:
    return lambda _context, _seen: f"is no {what}; expected {expected or f'a {what}'}"


def _no_text(_context: dict[str, Any], seen: object) -> str:
    quotes = "" if isinstance(seen, list | dict) else f" (in quotes: '{json.dumps(seen)}')"
    return f"is no text; expected text{quotes}"


def _choice(context: dict[str, Any], seen: object) -> str:
    expected = context["expected"].replace("'", "")
    return f"is not possible; expected {expected}"


def _pattern(context: dict[str, Any], _seen: object) -> str:
    return f"doesn't fit; expected {PATTERNS.get(context['pattern'], context['pattern'])}"


def _limit(words: str, name: str) -> _Explain:
    return lambda context, _seen: f"is out of range; expected a number {words} {context[name]}"


def _too_long(context: dict[str, Any], seen: object) -> str:
    return f"is too long ({len(str(seen))}); expected at most {context['max_length']} characters"


_WHOLE = _is_no("whole number")
_FLAG = _is_no("flag", "true or false")
_TIME = _is_no("time", A_TIME)
_KINDS: dict[str, _Explain] = {
    "string_type": _no_text,
    "string_pattern_mismatch": _pattern,
    "string_too_long": _too_long,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _is_no("number"),
    "float_parsing": _is_no("number"),
    "finite_number": _is_no("number"),
    "bool_type": _FLAG,
    "bool_parsing": _FLAG,
    "literal_error": _choice,
    "list_type": _is_no("list"),
    "dict_type": _is_no("map"),
    "model_type": _is_no("map"),
    "model_attributes_type": _is_no("map"),
    "datetime_parsing": _TIME,
    "datetime_type": _TIME,
    "datetime_from_date_parsing": _TIME,
    "greater_than_equal": _limit("from", "ge"),
    "greater_than": _limit("above", "gt"),
    "less_than_equal": _limit("up to", "le"),
    "less_than": _limit("below", "lt"),
}
