"""Types of parameters: what the portal makes of what it is given."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator

from mock_bitrix.php.values import Value, array_items, is_array, to_int, to_text, trim, truthy
from mock_bitrix.queue.selection import FIELDS, LIST_FIELDS, OPERATORS, Condition, OrderBy
from mock_bitrix.rest import errors

_LETTER = re.compile("[A-Za-z]")


def _flag(value: Value) -> bool:
    return to_int(value) != 0  # so "Y" and "true" are no (protocol D.2)


def _exactly_one(value: Value) -> bool:
    return to_int(value) == 1


def _limit(value: Value) -> int:
    number = to_int(value)
    if number <= 0:
        raise errors.NotPositive(argument="LIMIT")
    return number


def _trimmed(value: Value) -> str:
    return trim(to_text(value))


def _filter(value: Value, fields: tuple[str, ...]) -> tuple[Condition, ...]:
    if not isinstance(value, list | dict):
        raise errors.FilterNotArray
    conditions: dict[tuple[str, str], Condition] = {}
    for key, item in array_items(value):
        operator, field = _split(key)
        if operator not in OPERATORS:
            raise errors.FilterOperation(operator=operator)
        if field not in fields:
            raise errors.FilterField(field=field)
        conditions[operator, field] = Condition(operator, field, item)
    return tuple(conditions.values())


def _split(key: str) -> tuple[str, str]:
    letter = _LETTER.search(key)
    start = letter.start() if letter else len(key)
    return key[:start], key[start:].upper()


def _order(value: Value, fields: tuple[str, ...]) -> tuple[OrderBy, ...]:
    if not isinstance(value, list | dict):
        raise errors.OrderNotArray
    keys: dict[str, OrderBy] = {}
    for name, item in array_items(value):
        key = _order_key(name, item, fields)
        keys[key.field] = key
    return tuple(keys.values())


def _order_key(name: str, item: Value, fields: tuple[str, ...]) -> OrderBy:
    """One key: a field with its direction, or, in a list, a field in exact upper case."""
    listed = name.isdecimal()
    field, direction = (to_text(item), "ASC") if listed else (name.upper(), _direction(item))
    if field not in fields:
        raise errors.OrderField(field=field)
    if direction not in ("ASC", "DESC"):
        raise errors.OrderDirection
    return OrderBy(field, direction == "DESC")


def _direction(value: Value) -> str:
    return "" if is_array(value) else to_text(value).upper()


PhpInt = Annotated[int, BeforeValidator(to_int)]
PhpFlag = Annotated[bool, BeforeValidator(_flag)]
Truthy = Annotated[bool, BeforeValidator(truthy)]
ExactlyOne = Annotated[bool, BeforeValidator(_exactly_one)]
Limit = Annotated[int, BeforeValidator(_limit)]
Text = Annotated[str, BeforeValidator(to_text)]
TrimmedText = Annotated[str, BeforeValidator(_trimmed)]
Filter = Annotated[tuple[Condition, ...], BeforeValidator(lambda value: _filter(value, FIELDS))]
ListFilter = Annotated[
    tuple[Condition, ...], BeforeValidator(lambda value: _filter(value, LIST_FIELDS))
]
Order = Annotated[tuple[OrderBy, ...], BeforeValidator(lambda value: _order(value, FIELDS))]
ListOrder = Annotated[
    tuple[OrderBy, ...], BeforeValidator(lambda value: _order(value, LIST_FIELDS))
]
