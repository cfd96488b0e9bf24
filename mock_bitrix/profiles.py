"""The behaviour profiles: one table of switches, each with its value in `docs` and in `cloud`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args, get_origin, get_type_hints

Profile = Literal["docs", "cloud"]


class UnknownSwitch(ValueError):
    """There is no such switch, or it has no such value."""


def _switch(*, docs: Any, cloud: Any, about: str, source: str) -> Any:
    return field(default=docs, metadata={"cloud": cloud, "about": about, "source": source})


@dataclass(frozen=True, slots=True)
class Switches:
    """How one portal behaves where the page and the current cloud differ."""

    offline_access: Literal["any_user", "administrator"] = _switch(
        docs="any_user",
        cloud="administrator",
        about="who may call event.offline.get, list, clear and error",
        source="protocol D.0 row 3",
    )
    fresh_filter: Literal["classic", "strict"] = _switch(
        docs="classic",
        cloud="strict",
        about="whether `@`, `%` and arrays work in the filter of a fresh take",
        source="protocol D.6.2",
    )
    time_numbers: Literal["fractions", "whole"] = _switch(
        docs="fractions",
        cloud="whole",
        about="the shape of time.start and time.processing",
        source="protocol C.2",
    )
    https: Literal["optional", "required"] = _switch(
        docs="optional",
        cloud="required",
        about="whether webhooks must be called by https",
        source="protocol B.6",
    )
    handler_hosts: Literal["any", "dotted"] = _switch(
        docs="any",
        cloud="dotted",
        about="whether a handler's host needs an inner dot",
        source="protocol F.1 row 6",
    )
    min_timeout: Literal["honoured", "fixed"] = _switch(
        docs="honoured",
        cloud="fixed",
        about="whether ONOFFLINEEVENT keeps the seconds of minTimeout, or 1 whatever is asked",
        source="protocol G.5",
    )
    request_limit: Literal["off", "standard", "enterprise"] = _switch(
        docs="off",
        cloud="standard",
        about="how many requests a source may send to a portal: standard 50 at once and 2 a "
        "second, enterprise 250 and 5",
        source="protocol H.1",
    )
    request_capacity: float = _switch(
        docs=0.0,
        cloud=0.0,
        about="requests at once, instead of the plan's number; 0: the plan's",
        source="protocol H.1",
    )
    request_rate: float = _switch(
        docs=0.0,
        cloud=0.0,
        about="requests a second, instead of the plan's number; 0: the plan's",
        source="protocol H.1",
    )
    operating_limit: Literal["off", "on"] = _switch(
        docs="off",
        cloud="on",
        about="whether a method's operating time is counted and limited",
        source="protocol H.2",
    )
    operating_seconds: float = _switch(
        docs=480.0,
        cloud=480.0,
        about="operating time that a method may take in ten minutes",
        source="protocol H.2, question 20",
    )
    event_ids: Literal["string", "number"] = _switch(
        docs="string",
        cloud="number",
        about="the shape of FIELDS.ID in events that methods cause, where the docs show a string",
        source="protocol D.9, question 2",
    )
    visibility_delay: float = _switch(
        docs=0.0,
        cloud=0.0,
        about="seconds until a change shows in the queue",
        source="protocol G.2, question 23",
    )


_TYPES: dict[str, Any] = get_type_hints(Switches)
PROFILES: tuple[str, ...] = get_args(Profile)


def switches_of(profile: str, given: Mapping[str, object] | None = None) -> Switches:
    """The switches of a profile, with single ones set otherwise.

    Raises `UnknownSwitch` for a profile, switch or value that does not exist.
    """
    if profile not in PROFILES:
        raise UnknownSwitch(f"profile {profile!r}: expected {' or '.join(PROFILES)}")
    values = {name: _default(name, profile) for name in _TYPES}
    return changed(Switches(**values), given or {})


def changed(switches: Switches, given: Mapping[str, object]) -> Switches:
    """The same switches with some set otherwise. Raises `UnknownSwitch`."""
    return replace(switches, **{name: _value(name, value) for name, value in given.items()})


def names() -> list[str]:
    """The names of all switches."""
    return list(_TYPES)


def rows() -> list[tuple[str, str, object, object, str, str]]:
    """The table: name, values, default in docs, default in cloud, what it does, source."""
    return [
        (name, _values(name), _default(name, "docs"), _default(name, "cloud"), *_texts(name))
        for name in _TYPES
    ]


def _metadata(name: str) -> Mapping[str, Any]:
    return Switches.__dataclass_fields__[name].metadata


def _texts(name: str) -> tuple[str, str]:
    return _metadata(name)["about"], _metadata(name)["source"]


def _default(name: str, profile: str) -> Any:
    if profile == "cloud":
        return _metadata(name)["cloud"]
    return Switches.__dataclass_fields__[name].default


def _values(name: str) -> str:
    kind = _TYPES[name]
    return ", ".join(get_args(kind)) if get_origin(kind) is Literal else "a number from 0"


def _value(name: str, value: object) -> Any:
    if name not in _TYPES:
        raise UnknownSwitch(f"switch {name!r}: expected one of {', '.join(_TYPES)}")
    if get_origin(_TYPES[name]) is Literal:
        value = {True: "on", False: "off"}.get(value, value) if isinstance(value, bool) else value
        fits = value in get_args(_TYPES[name])
    else:
        value, fits = _number(value)
    if not fits:
        raise UnknownSwitch(f"switch {name}: {value!r} is not possible; expected {_values(name)}")
    return value


def _number(value: object) -> tuple[object, bool]:
    try:
        number = float(value)  # type: ignore[arg-type]  # whatever it is, the except answers
    except (TypeError, ValueError):
        return value, False
    return number, 0 <= number < float("inf")
