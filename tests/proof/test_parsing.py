"""Whatever bytes come in: parameters or a refusal, never anything else, and PHP's own laws."""

from __future__ import annotations

from urllib.parse import quote_from_bytes

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mock_bitrix.php import brackets, json
from mock_bitrix.php.values import Value, as_array
from mock_bitrix.rest import errors
from mock_bitrix.rest.request import Request, asked

MANY = 3_000
KINDS = [
    "application/json",
    "application/x-www-form-urlencoded",
    "text/plain",
    "",
    "application/json; charset=utf-8",
    "APPLICATION/JSON;x",
]

_names = ["a", "filter", "1", ">=ID", "auth", "method", "é"]
_keys = ["[]", "[0]", "[x]", "[-1]", "[9223372036854775807]", "[", "]", "%5B", "%5D"]
_marks = ["=", "&", ";", "%", "%0", "%00", "%FF", "+", ".", " ", "\0"]
_piece = st.sampled_from([*_names, *_keys, *_marks])
_form = st.lists(_piece, max_size=40).map("".join)
_scalar = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)
)
_json = st.recursive(
    _scalar,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)
_body = st.one_of(
    st.binary(max_size=60),
    _form.map(lambda text: text.encode("utf-8", "replace")),
    _json.map(json.encode),
)
_path = st.lists(
    st.sampled_from(["rest", "1", "secret", "event.offline.get", ".json", ".xml", "/", "é", "api"]),
    max_size=6,
).map(lambda parts: "/rest/" + "/".join(parts))
_requests = st.builds(
    lambda verb, path, query, kind, body: Request(
        verb=verb,
        path=path,
        query=query.encode("utf-8", "replace"),
        content_type=kind,
        body=body,
        form=None,
        scheme="http",
        host="x",
        bearer=None,
        session=False,
        source="",
    ),
    st.sampled_from(["GET", "POST", "PUT"]),
    _path,
    _form,
    st.sampled_from(KINDS),
    _body,
)


def is_parameters(value: object) -> bool:
    """Whether this is what PHP's arrays become: maps with text keys, lists, scalars."""
    if isinstance(value, dict):
        return all(isinstance(k, str) and is_parameters(each) for k, each in value.items())
    if isinstance(value, list):
        return all(map(is_parameters, value))
    return value is None or isinstance(value, bool | int | float | str)


def read(request: Request) -> None:
    """A request is read, or refused by one of the portal's own refusals."""
    try:
        found = asked(request)
    except (errors.NestedTooDeep, errors.NulInName):
        return
    assert is_parameters(found.parameters)
    assert "method" not in found.parameters
    assert found.transport in ("json", "xml")


def forms(text: str) -> None:
    """What a form says doesn't change when it is written anew, as PHP writes it."""
    found = brackets.parse(text)
    assert is_parameters(found)
    assert brackets.parse(brackets.build(found)) == without_empty(found)


def without_empty(value: dict[str, Value]) -> Value:
    """Empty arrays leave no trace in a form."""
    return {name: each for name, each in value.items() if each not in ([], {})}


def texts(value: Value) -> None:
    """JSON that is written can be read again, and is ASCII."""
    written = json.encode(value)
    assert written.isascii()
    assert is_parameters(as_array(json.decode(written)))


@given(_requests)
def test_every_request_is_read_or_refused(request: Request) -> None:
    read(request)


@given(_form)
@example("a[]=1&a[x]=2&a[0]=3")
def test_a_form_is_the_same_when_it_is_written_anew(text: str) -> None:
    forms(text)


@given(_json)
def test_json_is_readable_when_it_was_written_here(value: Value) -> None:
    texts(value)


@given(st.binary(max_size=100))
def test_any_bytes_are_variables_of_a_form(raw: bytes) -> None:
    assert brackets.parse(raw) == brackets.parse(quote_from_bytes(raw, safe="=&[]+%"))


@pytest.mark.long
@settings(max_examples=MANY)
@given(_requests)
def test_very_many_requests_are_read_or_refused(request: Request) -> None:
    read(request)


@pytest.mark.long
@settings(max_examples=MANY)
@given(_form)
def test_very_many_forms_are_the_same_when_they_are_written_anew(text: str) -> None:
    forms(text)
