"""What PHP makes of a value: its conversions to a number, a text, a flag and an array."""

import re
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import TypeAlias, TypeGuard

Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | None"

LARGEST = 2**63 - 1
SMALLEST = -(2**63)

_NUMBER = re.compile(r"[ \t\n\r\v\f]*([+-]?)0*([0-9]*)(\.[0-9]*)?([eE][+-]?[0-9]+)?")
_LONGEST_NUMBER = 400


class ArrayGiven(TypeError):
    """An array stands where PHP needs a text."""


def to_int(value: object) -> int:
    """PHP's whole number of a value; 0 for what has none or lies beyond 64 bits. Never raises."""
    if isinstance(value, str):
        return _leading_int(value)
    if isinstance(value, int):
        return int(value) if SMALLEST <= value <= LARGEST else 0
    if isinstance(value, float):
        return _whole(value)
    return int(bool(value))


def _leading_int(text: str) -> int:
    match = _NUMBER.match(text)
    sign, whole, fraction, exponent = match.groups("") if match else ("", "", "", "")
    if not exponent:
        number = int(whole or 0) if len(whole) < 20 else 0
    elif len(whole) + len(fraction) + len(exponent) > _LONGEST_NUMBER or not (whole + fraction[1:]):
        number = 0
    else:
        number = _whole(float(whole + fraction + exponent))
    number = -number if sign == "-" else number
    return number if SMALLEST <= number <= LARGEST else 0


def _whole(number: float) -> int:
    return int(number) if -(2.0**63) <= number < 2.0**63 else 0


def to_text(value: object) -> str:
    """PHP's text of a scalar: true is "1", false and null "". Raises ArrayGiven for an array."""
    if isinstance(value, str):
        return value
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, float):
        return float_text(value)
    if is_array(value):
        raise ArrayGiven("Array to string conversion")
    return str(value)


def float_text(number: float, digits: int = 14) -> str:
    """A float as PHP prints it: 14 significant digits in texts, 17 for the shortest exact form."""
    if not isfinite(number):
        return {"nan": "NAN", "inf": "INF", "-inf": "-INF"}[str(number)]
    exact = repr(number) if digits >= 17 else f"{number:.{digits - 1}e}"
    mantissa, point = _digits(exact)
    sign = "-" if exact.startswith("-") else ""
    if point < -3 or point > digits:
        return f"{sign}{mantissa[0]}.{mantissa[1:] or '0'}E{point - 1:+d}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{mantissa}" if mantissa != "0" else f"{sign}0"
    whole, fraction = mantissa[:point].ljust(point, "0"), mantissa[point:]
    return f"{sign}{whole}.{fraction}" if fraction else sign + whole


def _digits(exact: str) -> tuple[str, int]:
    """Significant digits of a printed float and how many of them stand before the point."""
    number, _, exponent = exact.lstrip("-").partition("e")
    whole, _, fraction = number.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(digits) - len(fraction) + int(exponent or 0)
    return digits.rstrip("0") or "0", point if digits else 1


def trim(text: str) -> str:
    """The text without PHP's white space (space, tab, line ends, NUL, vertical tab) around it."""
    return text.strip(" \t\n\r\0\v")


def truthy(value: object) -> bool:
    """Whether PHP takes the value for true: "0" is false, "false" is true."""
    return bool(value) and value != "0"


def is_array(value: object) -> TypeGuard[list[Value] | dict[str, Value]]:
    """Whether the value is an array to PHP, list or map."""
    return isinstance(value, (list, dict))


def as_array(value: Value) -> Value:
    """The value with every array in the form in which PHP shows it.

    A map whose keys are "0" to "n-1" in order is a list; an empty map is [].
    """
    if isinstance(value, (list, dict)) and not value:
        return []
    if isinstance(value, dict):
        shown: dict[str, Value] = {}
        for key, item in value.items():
            shown[key] = as_array(item) if isinstance(item, (list, dict)) else item
        return list(shown.values()) if has_list_keys(shown) else shown
    if isinstance(value, list):
        listed: list[Value] = []
        # Loops, not comprehensions: one frame a level lets 512 levels fit the interpreter's limit.
        for item in value:
            listed.append(as_array(item) if isinstance(item, (list, dict)) else item)  # noqa: PERF401  # as said
        return listed
    return value


def has_list_keys(array: Mapping[str, object]) -> bool:
    """Whether the keys are "0" to "n-1" in order, as of an array that PHP shows as a list."""
    if not array:
        return True
    if "0" not in array:
        return False
    return all(key == str(index) for index, key in enumerate(array))


def array_items(value: list[Value] | dict[str, Value]) -> Iterable[tuple[str, Value]]:
    """Keys and values of an array; a list's keys are its positions as texts."""
    if isinstance(value, dict):
        return value.items()
    return ((str(index), item) for index, item in enumerate(value))
