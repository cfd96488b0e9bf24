"""Methods in families: the same verbs over one subject after another, under their prefixes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import Field

from mock_bitrix.entities.kinds import Kind
from mock_bitrix.entities.room import Room
from mock_bitrix.entities.store import Entity
from mock_bitrix.rest.call import Call
from mock_bitrix.rest.errors import RestError
from mock_bitrix.rest.errors import entities as errors
from mock_bitrix.rest.registry import Parameters, method
from mock_bitrix.rest.work import positive


class One(Parameters):
    """Which one."""

    id: object = Field(None, description="the element's id")


class New(Parameters):
    """What to add."""

    fields: object = Field(None, description="the element's fields")


class Change(One):
    """What to change."""

    fields: object = Field(None, description="the fields to change")


class Wanted(Parameters):
    """Which ones to list, in which order."""

    order: object = Field(None, description="fields, each with ASC or DESC")
    filter: object = Field(None, description="fields with their operators, and values")


class Selected(Wanted):
    """Which ones to list, which fields of them, in which order."""

    select: object = Field(None, description="names of fields, `*`, `UF_*`")


Verbs = Mapping[str, tuple[Callable[..., object], type[Parameters]]]
"""By its name: what a verb does for a subject, and its parameters."""


def register(prefix: str, verbs: Verbs, subject: object, what: str, scopes: Iterable[str]) -> None:
    """Register each verb as a method of the subject; `{what}` in its docstring is filled in."""
    for verb, (function, parameters) in verbs.items():
        run = _bound(function, subject)
        run.__doc__ = (function.__doc__ or "").format(what=what)
        method(f"{prefix}.{verb}", parameters, scopes=scopes)(run)


def _bound(function: Callable[..., object], subject: object) -> Callable[[Call, Any], object]:
    def run(call: Call, wanted: Any) -> object:
        return function(subject, call, wanted)

    return run


def found(
    room: Room, kind: Kind, given: object, missing: type[RestError] = errors.NotFound
) -> Entity:
    """The entity of a kind whose id was given. Raises `IdInvalid`, `missing`."""
    number = positive(given)
    if number is None:
        raise errors.IdInvalid
    entity = room.get(kind, number)
    if entity is None:
        raise missing
    return entity
