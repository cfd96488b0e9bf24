"""Bodies of control calls: read as bytes, understood in the call's own thread, documented."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, TypeAdapter, ValidationError

from mock_bitrix.control.problems import Wrong
from mock_bitrix.portal.problems import problem_of

M = TypeVar("M", bound=BaseModel)

BODY = "x-body"
"""Where an operation of the OpenAPI document numbers the model of its body, until it is made."""

_models: list[Any] = []


async def _read(request: Request) -> bytes:
    return await request.body()


Raw = Annotated[bytes, Depends(_read)]


def takes(model: Any) -> dict[str, Any]:
    """For a route's `openapi_extra`: the body is a `model`."""
    _models.append(model)
    return {BODY: len(_models) - 1}


def understood(body: bytes, model: type[M]) -> M:
    """The body as a model. Raises `Wrong`, with the path of the first thing that is wrong."""
    try:
        return model.model_validate_json(body or b"{}")
    except ValidationError as error:
        raise _wrong(error, model) from error


def understood_list(body: bytes, model: type[M]) -> list[M]:
    """The body as a list of models, of which one alone is a list, too. Raises `Wrong`."""
    if not body.lstrip().startswith(b"["):
        return [understood(body, model)]
    try:
        return TypeAdapter(list[model]).validate_json(body)  # type: ignore[valid-type]  # known when it runs
    except ValidationError as error:
        raise _wrong(error, model) from error


def _wrong(error: ValidationError, model: type[BaseModel]) -> Wrong:
    first = error.errors(include_url=False)[0]
    if first["type"] == "json_invalid":
        return Wrong((), f"the body is no JSON: {first['ctx']['error']}")
    return Wrong(*problem_of(error, model))


def describe_bodies(document: dict[str, Any]) -> None:
    """Put the bodies' schemas into an OpenAPI document."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for operations in document["paths"].values():
        for operation in operations.values():
            number = operation.pop(BODY, None)
            if number is not None:
                operation["requestBody"] = _described(_models[number], schemas)


def _described(model: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    adapter: TypeAdapter[Any] = TypeAdapter(model)
    schema = adapter.json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schema.pop("$defs", {}))
    if "properties" in schema:
        schemas[schema["title"]] = schema
        schema = {"$ref": f"#/components/schemas/{schema['title']}"}
    return {"content": {"application/json": {"schema": schema}}}
