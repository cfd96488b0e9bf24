"""What a wrong control call gets: a status, a sentence, and the path of what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from mock_bitrix.portal.paths import LoadError, Path, hint, shown
from mock_bitrix.storage.database import StorageError


class Problem(BaseModel):
    """Why a call was refused."""

    error: str = Field(description="What is wrong, and what would be right")
    path: str | None = Field(None, description="Where in the body, or which parameter")


VERBS = ("DELETE", "GET", "POST", "PUT")

RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": description}
    for status, description in (
        (403, "You may not use this, or not from there"),
        (404, "There is no such portal, token, fault or address"),
        (415, "The body isn't JSON"),
        (422, "What is wrong, and where"),
    )
}
"""What any call may be refused with."""


class Refused(Exception):
    """A control call that can't be done."""

    def __init__(self, status: int, problem: str, path: Path | None = None) -> None:
        super().__init__(problem)
        self.status = status
        self.problem = problem
        self.path = path


class NotThere(Refused):
    """Something that the address names doesn't exist."""

    def __init__(self, what: str, given: str, known: Iterable[str] = ()) -> None:
        super().__init__(404, f'there is no {what} "{given}"{hint(given, known)}')


class Wrong(Refused):
    """Something in the body or in a parameter that can't be."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(422, problem, path)


def answer(status: int, problem: str, path: Path | None = None) -> Response:
    """A refusal as it goes out."""
    body = {"error": problem, "path": shown(path)} if path else {"error": problem}
    return Response(orjson.dumps(body), status, media_type="application/json")


def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return answer(error.status, str(error), error.path)


def _clashing(_request: Request, error: Exception) -> Response:
    assert isinstance(error, LoadError)
    other = f" {shown(error.other)}" if error.other else ""
    return answer(422, error.problem + other, error.where)


def _parameter(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    return answer(422, str(first["msg"]).lower(), tuple(first["loc"][1:]))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    refusal = answer(error.status_code, str(error.detail).lower())
    if error.status_code == 405:
        refusal.headers["allow"] = ", ".join(_verbs(request))
    return refusal


def _verbs(request: Request) -> list[str]:
    """What can be done with an address: each of its verbs is a route of its own."""
    return [verb for verb in VERBS if _does(request, verb)]


def _does(request: Request, verb: str) -> bool:
    asked = {**request.scope, "method": verb}
    return any(route.matches(asked)[0] == Match.FULL for route in request.app.routes)


def _storage(_request: Request, error: Exception) -> Response:
    return answer(500, f"the database failed: {error}")


_HANDLERS: dict[type[Exception], Callable[[Request, Exception], Response]] = {
    Refused: _refused,
    LoadError: _clashing,
    RequestValidationError: _parameter,
    HTTPException: _http,
    StorageError: _storage,
}


def explain_problems(app: FastAPI) -> None:
    """Let an application answer whatever goes wrong in this way."""
    for kind, handler in _HANDLERS.items():
        app.add_exception_handler(kind, handler)
