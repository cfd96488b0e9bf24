"""What a list is filtered by, as CRM documents it: not as the queue's filter works."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mock_bitrix.entities.fields import Field
from mock_bitrix.entities.values import Frame, number, stored
from mock_bitrix.php.values import LARGEST, SMALLEST, Value, array_items, is_array, to_int, to_text

Data = Mapping[str, Any]
Matches = Callable[[Data], bool]
Resolve = Callable[[str], Field | None]
"""Gives the field of a name in a filter; None: the condition doesn't count."""

_KEY = re.compile(r"(!><|><|!=%|!%=|!@|!%|!=|>=|<=|=%|%=|=|!|>|<|@|%|)(.*)", re.S)
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")


@dataclass(frozen=True, slots=True)
class Test:
    """One condition: an operator (bare is `=`), a field, a value."""

    operator: str
    field: Field
    value: Value


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all must hold, or one."""

    parts: tuple[Test | Group, ...]
    any: bool = False


def parse(given: object, resolve: Resolve) -> Group:
    """The conditions of a filter. What `resolve` raises goes through."""
    if not isinstance(given, list | dict):
        return Group(())
    either = False
    parts: list[Test | Group] = []
    for key, value in array_items(given):
        if key.lower() == "logic":
            either = not is_array(value) and to_text(value).upper() == "OR"
        elif key.isdecimal() and is_array(value):
            parts.append(parse(value, resolve))
        else:
            parts.extend(_test(key, value, resolve))
    return Group(tuple(parts), either)


def _test(key: str, value: Value, resolve: Resolve) -> Iterator[Test]:
    match = _KEY.fullmatch(key)
    assert match is not None, "the last alternative matches everything"
    field = resolve(match[2])
    if field is not None:
        yield Test(match[1], field, value)


def id_range(group: Group) -> tuple[int, int, Group]:
    """The ids that can be meant, and what is left to look at in each entity."""
    low, high, left = SMALLEST, LARGEST, []
    for part in group.parts:
        bounds = None if group.any or not isinstance(part, Test) else _bounds(part)
        if bounds is None:
            left.append(part)
        else:
            low, high = max(low, bounds[0]), min(high, bounds[1])
    return low, high, Group(tuple(left), group.any)


def _bounds(test: Test) -> tuple[int, int] | None:
    if test.field.name != "ID" or is_array(test.value) or _is_empty(test.value):
        return None
    value = to_int(test.value)
    return {
        "": (value, value),
        "=": (value, value),
        ">": (value + 1, LARGEST),
        ">=": (value, LARGEST),
        "<": (SMALLEST, value - 1),
        "<=": (SMALLEST, value),
    }.get(test.operator)


def earliest(group: Group, name: str, frame: Frame) -> float | None:
    """The earliest time that a field of a time can have in what fits; None: any time.

    The conditions must still be looked at: this only says where to look.
    """
    if group.any:
        return None
    tests = (part for part in group.parts if isinstance(part, Test) and part.field.name == name)
    bounds = [_lower_bound(test, frame) for test in tests if test.field.group == "time"]
    return max((bound for bound in bounds if bound is not None), default=None)


def _lower_bound(test: Test, frame: Frame) -> float | None:
    if test.operator in (">", ">="):
        value = test.value
    elif test.operator == "><":
        value = next(iter(_items(test.value)), None)
    else:
        return None
    bound = _given(test.field, value, frame)
    return float(bound) if isinstance(bound, int | float) else None


def matcher(group: Group, frame: Frame) -> Matches:
    """A function that says whether an entity's data fits."""
    parts = [_matcher(part, frame) for part in group.parts]
    if len(parts) == 1:
        return parts[0]
    if group.any and parts:
        return lambda data: any(part(data) for part in parts)
    return lambda data: all(part(data) for part in parts)


def _matcher(part: Test | Group, frame: Frame) -> Matches:
    if isinstance(part, Group):
        return matcher(part, frame)
    negated = part.operator.startswith("!")
    fits = _fitting(part, part.operator.removeprefix("!"), frame)
    name, plain = part.field.name, _PLAIN.get(part.field.group, _folded)

    def matches(data: Data) -> bool:
        value = data.get(name)
        if isinstance(value, list) and value:
            return any(fits(plain(each)) for each in value) is not negated
        return fits(plain(value)) is not negated

    return matches


def _folded(value: Any) -> Any:
    """A stored value as it is compared: texts without their case, as MySQL does."""
    return value.lower() if isinstance(value, str) else value


def _contact(value: Any) -> Any:
    return _folded(value.get("VALUE") if isinstance(value, dict) else value)


def _loose(value: Any) -> Any:
    """A value of a field that nobody described: a number where it looks like one."""
    if value is None or is_array(value):
        return None
    text = to_text(value)
    return number(text) if _NUMBER.fullmatch(text) else text.lower()


_PLAIN: dict[str, Callable[[Any], Any]] = {"contacts": _contact, "raw": _loose}
"""How stored values of a group of fields are compared, where it isn't as texts and numbers."""


def _fitting(test: Test, operator: str, frame: Frame) -> Callable[[Any], bool]:
    if operator in ("%", "=%", "%="):
        return _like(to_text(test.value) if not is_array(test.value) else "", operator)
    if operator == "><":
        ends = [*_items(test.value), None, None][:2]
        low, high = (_given(test.field, end, frame) for end in ends)
        return lambda value: _less(low, value, or_equal=True) and _less(value, high, or_equal=True)
    if operator in (">", ">=", "<", "<="):
        bound = _given(test.field, test.value, frame)
        equal = operator.endswith("=")
        if operator.startswith(">"):
            return lambda value: _less(bound, value, or_equal=equal)
        return lambda value: _less(value, bound, or_equal=equal)
    return _among(test, frame)


def _items(value: Value) -> list[Value]:
    """The elements of an array; a scalar is its own only one."""
    return [i for _, i in array_items(value)] if isinstance(value, list | dict) else [value]


def _among(test: Test, frame: Frame) -> Callable[[Any], bool]:
    items = _items(test.value)
    wanted = {_given(test.field, item, frame) for item in items}
    if None in wanted:
        wanted |= {None, ""}
    if test.field.group in ("whole", "number") and wanted & {None, 0}:
        wanted |= {None, 0}  # a number that is missing is 0 in the real database
    return lambda value: value in wanted


def _given(field: Field, value: Value, frame: Frame) -> Any:
    """A value of the filter as it is compared; None: empty."""
    if _is_empty(value) or is_array(value):
        return None
    if field.group == "raw":
        return _loose(value)
    if field.group == "contacts":
        return to_text(value).lower()
    if field.group in ("whole", "number"):
        return number(value)
    single = stored(field, value, frame)
    single = single[0] if isinstance(single, list) and single else single
    return single.lower() if isinstance(single, str) else single


def _is_empty(value: Value) -> bool:
    """Whether a condition asks for nothing at all; 0 is something."""
    return value is None or value is False or value == ""


def _less(left: Any, right: Any, *, or_equal: bool) -> bool:
    if left is None or right is None:
        return False
    if type(left) is not type(right) and isinstance(left, str) + isinstance(right, str) == 1:
        left, right = number(left), number(right)
    return bool(left <= right if or_equal else left < right)


def _like(pattern: str, operator: str) -> Callable[[Any], bool]:
    if operator == "%":
        part = pattern.lower()
        return lambda value: value is not None and part in to_text(value)
    parts = re.split("([%_])", pattern.lower())
    signs = {"%": ".*", "_": "."}
    regular = re.compile("".join(signs.get(part) or re.escape(part) for part in parts), re.S)
    return lambda value: value is not None and regular.fullmatch(to_text(value)) is not None
