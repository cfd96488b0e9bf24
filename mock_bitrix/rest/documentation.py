"""The REST methods as a page for people: one file, nothing from elsewhere."""

from __future__ import annotations

import functools
import re
import shlex
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template

from pydantic.fields import FieldInfo

from mock_bitrix.php.values import to_text
from mock_bitrix.queue.selection import OrderBy
from mock_bitrix.rest import registry
from mock_bitrix.rest.registry import Method

_FRAME = Path(__file__).with_name("documentation.html")
_BASE = "{base}"
WHATEVER = "given"
"""The field of a parameter model that takes whatever is sent: no name on the wire."""

SHARED = {
    "id": "which one is meant",
    "fields": "names and values",
    "params": "further wishes, such as REGISTER_SONET_EVENT",
    "select": "the fields to show",
    "filter": "conditions such as `>=ID`",
    "order": "fields with ASC or DESC",
    "taskid": "the task",
    "itemid": "which one of the task's",
    "userid": "a user, by id",
    "entityTypeId": "the type of CRM entity, as a number",
}
"""What the names mean that many methods share."""

_SOURCE = re.compile(r" \(protocol [^)]*\)")


def page(base: str) -> str:
    """The page, with examples that call the server at `base`, such as `http://127.0.0.1:8024`."""
    return _page().replace(_BASE, escape(base))


@functools.cache
def _page() -> str:
    methods = sorted(registry.every(), key=lambda each: each.name)
    frame = Template(_FRAME.read_text(encoding="utf-8"))
    return frame.substitute(
        contents="\n".join(_contents(methods)), methods="\n".join(map(_article, methods))
    )


def _contents(methods: list[Method]) -> Iterator[str]:
    for family, members in groupby(methods, family_of):
        links = (f'<li><a href="#{each.name}">{each.name}</a></li>' for each in members)
        yield f"<h2>{family}</h2>\n<ul>{''.join(links)}</ul>"


def parameters_of(method: Method) -> dict[str, FieldInfo]:
    """A method's parameters by their names on the wire."""
    fields = method.parameters.model_fields
    return {name: field for name, field in fields.items() if name != WHATEVER}


def meaning_of(name: str, field: FieldInfo) -> str:
    """What a parameter means, in a few words."""
    return field.description or SHARED.get(name, "")


def family_of(method: Method) -> str:
    """The first part of a method's name."""
    return method.name.partition(".")[0]


def _article(method: Method) -> str:
    summary, _, more = method.summary.partition("\n\n")
    texts = [_prose(summary), _prose(more), f"<strong>Who may call:</strong> {_callers(method)}"]
    paragraphs = "".join(f"<p>{text}</p>\n" for text in texts if text)
    fields = parameters_of(method)
    return (
        f'<article id="{method.name}" aria-labelledby="{method.name}-name">\n'
        f'<h2 id="{method.name}-name">{method.name}</h2>\n{paragraphs}'
        f"{_table(method, fields)}\n"
        f"<pre><code>{escape(_curl(method.name, fields))}</code></pre>\n</article>"
    )


def _prose(text: str) -> str:
    """The text as HTML, its `code` set as code, without the notes for readers of the source."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(_SOURCE.sub("", text), quote=False))


def _callers(method: Method) -> str:
    conditions = [_prose(check.__doc__ or "") for check in method.allowed]
    if method.scopes:
        conditions.append(f"With one of the scopes {', '.join(method.scopes)}.")
    return " ".join(conditions) or "Everybody, by token or webhook."


def _table(method: Method, fields: dict[str, FieldInfo]) -> str:
    if WHATEVER in method.parameters.model_fields:
        return "<p>Takes whatever parameters are sent.</p>"
    if not fields:
        return "<p>No parameters of its own.</p>"
    rows = "".join(_row(name, field) for name, field in fields.items())
    case = "in any case" if method.parameters.folds else "in lower case only"
    return (
        f"<table>\n<caption>Parameters; their names {case}</caption>\n"
        '<tr><th scope="col">Name</th><th scope="col">Meaning</th>'
        f'<th scope="col">Default</th></tr>\n{rows}</table>'
    )


def _row(name: str, field: FieldInfo) -> str:
    return (
        f'<tr><th scope="row"><code>{name}</code></th><td>{_prose(meaning_of(name, field))}</td>'
        f"<td>{_prose(_default(field))}</td></tr>\n"
    )


def _default(field: FieldInfo) -> str:
    default = field.default
    if isinstance(default, tuple):
        return ", ".join(f"`{_key(each)}`" for each in default) or "none"
    if isinstance(default, bool):
        return f"`{default:d}`"
    return f"`{to_text(default)}`" if isinstance(default, str | int) and default != "" else "none"


def _key(order: OrderBy) -> str:
    return f"{order.field} {'DESC' if order.descending else 'ASC'}"


def _curl(name: str, fields: dict[str, FieldInfo]) -> str:
    given = [f"{key}={field.examples[0]}" for key, field in fields.items() if field.examples]
    data = "".join(f" -d {shlex.quote(pair)}" for pair in ["auth=TOKEN", *given])
    return f"curl{data} {_BASE}/rest/{name}"
