"""The control API as a page for people: one file, nothing from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

router = APIRouter(include_in_schema=False)

_FRAME = Path(__file__).with_name("documentation.html")
_CODE = re.compile(r"`([^`]*)`")


@router.get("/docs")
def show_page(request: Request) -> HTMLResponse:
    """The page."""
    return HTMLResponse(page(request.app.openapi()))


def page(document: dict[str, Any]) -> str:
    """The page of an OpenAPI document."""
    operations = list(_operations(document))
    schemas = document["components"]["schemas"].items()
    frame = Template(_FRAME.read_text(encoding="utf-8"))
    return frame.substitute(
        contents="".join(
            f'<li><a href="#{_anchor(o)}">{escape(o)}</a></li>' for o, _ in operations
        ),
        operations="\n".join(_article(name, operation) for name, operation in operations),
        schemas="\n".join(_schema(name, schema) for name, schema in sorted(schemas)),
    )


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, by_verb in document["paths"].items():
        for verb, operation in by_verb.items():
            yield f"{verb.upper()} /_mock{path}", operation


def _anchor(name: str) -> str:
    return re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")


def _article(name: str, operation: dict[str, Any]) -> str:
    return (
        f'<article id="{_anchor(name)}">\n<h3>{escape(name)}</h3>\n'
        f"<p>{_prose(operation.get('description', ''))}</p>\n"
        f"{_parameters(operation.get('parameters', []))}{_body(operation)}"
        f"{''.join(_answer(*each) for each in operation['responses'].items())}</article>"
    )


def _parameters(parameters: list[dict[str, Any]]) -> str:
    rows = "".join(
        f'<tr><th scope="row"><code>{escape(each["name"])}</code></th>'
        f"<td>{_prose(each.get('description', 'Part of the address'))}</td></tr>\n"
        for each in parameters
    )
    return f"<table><caption>Parameters</caption>\n{rows}</table>\n" if rows else ""


def _body(operation: dict[str, Any]) -> str:
    return "".join(
        f"<p>Body: {_kind(content['schema'])}</p>\n"
        for content in operation.get("requestBody", {}).get("content", {}).values()
    )


def _answer(status: str, answer: dict[str, Any]) -> str:
    kinds = [_kind(content.get("schema", {})) for content in answer.get("content", {}).values()]
    return f"<p>{status}: {_prose(answer['description'])} {' '.join(kinds)}</p>\n"


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a word, with a link where it has a name."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a href="#{_anchor(name)}">{escape(name)}</a>'
    if "anyOf" in schema:
        return " or ".join(map(_kind, schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    return f"<code>{escape(str(schema.get('type', 'any')))}</code>"


def _schema(name: str, schema: dict[str, Any]) -> str:
    rows = "".join(
        f'<tr><th scope="row"><code>{escape(key)}</code></th><td>{_kind(each)}</td>'
        f"<td>{_prose(each.get('description', ''))}</td></tr>\n"
        for key, each in schema.get("properties", {}).items()
    )
    about = _prose(schema.get("description", ""))
    shown = f"<table>{rows}</table>" if rows else f"<pre>{escape(json.dumps(schema))}</pre>"
    return (
        f'<article id="{_anchor(name)}"><h3>{escape(name)}</h3>\n<p>{about}</p>\n{shown}</article>'
    )


def _prose(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", escape(text, quote=False))
