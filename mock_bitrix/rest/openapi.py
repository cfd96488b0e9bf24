"""The REST methods as an OpenAPI document, and as a page: both made when first asked for."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from pydantic.fields import FieldInfo
from starlette.responses import HTMLResponse

from mock_bitrix.rest import documentation, registry

RESPONSES = {
    "200": {"description": "`result`, for lists `next` and `total`, and `time`"},
    "4XX": {"description": "`error` and `error_description`"},
}


def describe(app: FastAPI) -> None:
    """Give the application its document and its page at `/docs`."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    async def page(request: Request) -> HTMLResponse:
        return HTMLResponse(documentation.page(str(request.base_url).rstrip("/")))

    app.openapi = document  # type: ignore[method-assign]  # as FastAPI's guide does it
    app.add_route("/docs", page, include_in_schema=False)


def _document(app: FastAPI) -> dict[str, Any]:
    methods = sorted(registry.every(), key=lambda method: method.name)
    return {
        "openapi": "3.1.0",
        "info": {"title": app.title, "version": app.version},
        "paths": {f"/rest/{each.name}": {"post": _operation(each)} for each in methods},
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "auth": {"type": "apiKey", "in": "query", "name": "auth"},
            }
        },
    }


def _operation(method: registry.Method) -> dict[str, Any]:
    return {
        "operationId": method.name,
        "summary": method.summary.partition("\n")[0],
        "tags": [documentation.family_of(method)],
        "security": [{"token": []}, {"auth": []}],
        "requestBody": {"content": {"application/json": {"schema": _parameters(method)}}},
        "responses": RESPONSES,
    }


def _parameters(method: registry.Method) -> dict[str, Any]:
    """Every parameter takes whatever PHP can coerce, so the schema names and explains them only."""
    fields = documentation.parameters_of(method)
    return {
        "type": "object",
        "description": (method.parameters.__doc__ or "").strip(),
        "properties": {name: _parameter(name, field) for name, field in fields.items()},
    }


def _parameter(name: str, field: FieldInfo) -> dict[str, Any]:
    described = {"description": documentation.meaning_of(name, field)}
    return {**described, "examples": field.examples} if field.examples else described
