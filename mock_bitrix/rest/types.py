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
    keys = _listed_order(value) if isinstance(value, list) else _mapped_order(value)
    for field, _ in keys:
        if field not in fields:
            raise errors.OrderField(field=field)
    return tuple(OrderBy(field, direction == "DESC") for field, direction in keys)


def _listed_order(value: list[Value]) -> list[tuple[str, str]]:
    return [(to_text(field), "ASC") for field in value]


def _mapped_order(value: dict[str, Value]) -> list[tuple[str, str]]:
    keys: dict[str, str] = {}
    for name, item in value.items():
        if name.isdecimal():  # a mixed array: the element is the field
            keys[to_text(item)] = "ASC"
            continue
        direction = "" if is_array(item) else to_text(item).upper()
        if direction not in ("ASC", "DESC") and name.upper() in LIST_FIELDS:
            raise errors.OrderDirection
        keys[name.upper()] = direction
    return list(keys.items())


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
