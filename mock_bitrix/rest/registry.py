"""The methods that the emulator knows, by their names on the wire."""

from __future__ import annotations

import importlib
import inspect
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from mock_bitrix.php.values import Value
from mock_bitrix.rest.call import Call


class Parameters(BaseModel):
    """A method's parameters, in the order in which the portal checks them.

    Unknown ones are ignored, null counts as absent. Field types coerce as PHP does (types.py).
    """

    model_config = ConfigDict(
        extra="ignore",
        arbitrary_types_allowed=True,
        defer_build=True,  # most methods are never called; start-up time is measured
    )

    folds: ClassVar[bool] = True
    """Whether the names' case doesn't matter (protocol A.6)."""

    @classmethod
    def read(cls, given: dict[str, Value]) -> Any:
        """The parameters out of what was given. Raises the `RestError` of the first wrong one."""
        if not given:
            return _defaults(cls)
        if cls.folds:
            given = {name.lower(): value for name, value in given.items()}
        return cls.model_validate({k: v for k, v in given.items() if v is not None})


@cache
def _defaults(parameters: type[Parameters]) -> Parameters:
    """What a call without parameters means. Nobody changes them."""
    return parameters.model_validate({})


class NoParameters(Parameters):
    """For methods that take none."""


class Given(Parameters):
    """Whatever the caller sends."""

    model_config = ConfigDict(extra="allow")
    given: dict[str, Any]

    @classmethod
    def read(cls, given: dict[str, Value]) -> Any:
        """The parameters as they are; null counts as absent."""
        present = {name: value for name, value in given.items() if value is not None}
        return cls.model_construct(given=present)


P = TypeVar("P", bound=Parameters)
Check = Callable[[Call], None]
Function = Callable[[Call, Any], object]


@dataclass(frozen=True, slots=True)
class Method:
    """A REST method: its function, its parameters, and who may call it.

    `scopes`: one of them is needed; none: the global scope, everybody has it. `kind`: how it is
    made; whatever isn't faithful says so in a header of its answer.
    """

    name: str
    function: Function
    parameters: type[Parameters]
    allowed: tuple[Check, ...]
    scopes: tuple[str, ...]
    kind: Literal["faithful", "generic", "stub"] = "faithful"

    @property
    def summary(self) -> str:
        """What it does, in a sentence."""
        return inspect.cleandoc(self.function.__doc__ or "")

    def run(self, call: Call) -> object:
        """Check the caller, read the parameters, do it."""
        for check in self.allowed:
            check(call)
        return self.function(call, self.parameters.read(call.parameters))


_METHODS: dict[str, Method] = {}
_LATER: list[str] = []
_importing = threading.Lock()


def method(
    name: str,
    parameters: type[P] = NoParameters,  # type: ignore[assignment]  # a default for a TypeVar
    *,
    allowed: Iterable[Check] = (),
    scopes: Iterable[str] = (),
) -> Callable[[Callable[[Call, P], object]], Callable[[Call, P], object]]:
    """Register a function as the REST method with that name."""

    def register(function: Callable[[Call, P], object]) -> Callable[[Call, P], object]:
        assert name.lower() not in _METHODS, f"{name} is registered twice"
        _METHODS[name.lower()] = Method(name, function, parameters, tuple(allowed), tuple(scopes))
        return function

    return register


def later(modules: Iterable[str]) -> None:
    """Modules with further methods, to import when one is asked for that isn't here yet.

    They are a tenth of the server's start, and a queue needs none of them.
    """
    _LATER.extend(modules)


def find(name: str) -> Method | None:
    """The method with that name, in whatever case (protocol A.2)."""
    found = _METHODS.get(name) or _METHODS.get(name.lower())
    if _LATER and (found is None or _importing.locked()):
        return _all().get(name.lower())
    return found


def every() -> list[Method]:
    """All methods."""
    return list(_all().values())


def _all() -> dict[str, Method]:
    """Who asks meanwhile waits: a method is registered before the rest of its module is there."""
    with _importing:
        for module in _LATER:
            importlib.import_module(module)
        _LATER.clear()
    return _METHODS
