"""A call as it came over the wire, and where its parts stand (protocol A.1 to A.5)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

from mock_bitrix.php import brackets, json
from mock_bitrix.php.values import Value, as_array, is_array
from mock_bitrix.rest import errors

Transport = Literal["json", "xml"]

MOST_VARIABLES = 10_000
"""Fields of a form that are read, as on the portal; PHP drops the rest."""

LONGEST_KEPT = 256
"""Characters of a path, or bytes of query and body, whose reading is remembered: callers use few
paths, and who polls sends the same bytes again and again."""


class Request(NamedTuple):
    """One HTTP request: `path` percent-decoded, `body` that of a POST (no other verb's is read).

    `form` holds the fields of a multipart body, `session` whether a browser's session signs it.
    """

    verb: str
    path: str
    query: bytes
    content_type: str
    body: bytes
    form: tuple[tuple[str, str], ...] | None
    scheme: str
    host: str
    bearer: str | None
    session: bool
    source: str


class Address(NamedTuple):
    """What the path says: a method, a transport, a webhook's user and secret."""

    method: str | None
    transport: Transport
    user: str | None = None
    secret: str | None = None


class Asked(NamedTuple):
    """What a request asks for, whatever way it said so."""

    method: str
    transport: Transport
    parameters: dict[str, Value]


def asked(request: Request) -> Asked:
    """Read a request: where the path names no method, a parameter may (protocol A.1).

    Raises `NestedTooDeep`, `NulInName`.
    """
    if request.form is None and len(request.body) + len(request.query) <= LONGEST_KEPT:
        known = _known(request.path, request.query, request.content_type, request.body)
        if known is not None:
            return Asked(known.method, known.transport, known.parameters.copy())
    return _asked(request)


@lru_cache(maxsize=1024)
def _known(path: str, query: bytes, content_type: str, body: bytes) -> Asked | None:
    """What such a request asks for; None where it holds arrays: whoever gets one may change it."""
    found = _asked(Request("", path, query, content_type, body, None, "", "", None, False, ""))
    return None if any(map(is_array, found.parameters.values())) else found


def _asked(request: Request) -> Asked:
    address = address_of(request.path)
    parameters = parameters_of(request, address)
    given = parameters.pop("method", None)  # so it never reaches a method
    if address.method is not None:
        return Asked(address.method, address.transport, parameters)
    method, transport = _without_suffix(given if isinstance(given, str) else "")
    return Asked(method, transport, parameters)


def address_of(path: str) -> Address:
    """Read `/rest/METHOD` or `/rest/USER/SECRET/METHOD`; superfluous slashes don't count."""
    return _known_address(path) if len(path) <= LONGEST_KEPT else _address(path)


def _address(path: str) -> Address:
    parts = [part for part in path.split("/") if part][1:]
    if len(parts) >= 2 and parts[0] != "api":
        user, secret, *rest = parts
        method, transport = _without_suffix("/".join(rest))
        return Address(method or None, transport, user, secret)
    method, transport = _without_suffix("/".join(parts))
    return Address(method or None, transport)


_known_address = lru_cache(maxsize=1024)(_address)


def _without_suffix(name: str) -> tuple[str, Transport]:
    stem, dot, suffix = name.rpartition(".")
    if stem and dot and suffix == "json":
        return stem, "json"
    if stem and dot and suffix == "xml":
        return stem, "xml"
    return name, "json"


def parameters_of(request: Request, address: Address) -> dict[str, Value]:
    """The merged parameters of a call; what the path says lies over everything (protocol A.4)."""
    parameters = _body_over_query(request)
    if address.user is not None:
        parameters |= {"aplogin": address.user, "ap": address.secret}
    return parameters


def _body_over_query(request: Request) -> dict[str, Value]:
    query = variables(request.query)
    if request.form is not None:
        _check_names(name.encode("utf-8", "replace") for name, _ in request.form)
        form = brackets.fold_pairs(request.form, max_variables=MOST_VARIABLES)
        return brackets.merge(query, form)
    kind = _kind(request.content_type)
    if kind == "application/json":
        return brackets.overlay(query, _decoded(request.body))
    body = variables(request.body)
    if kind == "application/x-www-form-urlencoded":
        return brackets.merge(query, body)
    return brackets.overlay(query, body)


@lru_cache(maxsize=64)
def _kind(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _decoded(body: bytes) -> Value:
    try:
        return as_array(json.decode(body))
    except json.TooDeep as error:
        raise errors.NestedTooDeep from error
    except ValueError:
        return None  # the real server is silent about malformed JSON (protocol A.4)


def variables(raw: bytes | str) -> dict[str, Value]:
    """The variables of a query string. Raises `NestedTooDeep`, `NulInName`.

    PHP drops or cuts such names without a word; a filter that is gone would take everything.
    """
    if not raw:
        return {}
    encoded = raw.encode("utf-8", "replace") if isinstance(raw, str) else raw
    nul = b"\0" in encoded or b"%00" in encoded
    if nul or encoded.count(b"[") + encoded.upper().count(b"%5B") > brackets.DEEPEST:
        pairs = encoded.split(b"&", MOST_VARIABLES)[:MOST_VARIABLES]
        _check_names(pair.partition(b"=")[0] for pair in pairs)
    return brackets.parse(encoded, max_variables=MOST_VARIABLES)


def _check_names(names: Iterable[bytes]) -> None:
    for name in names:
        if name.count(b"[") + name.upper().count(b"%5B") > brackets.DEEPEST:
            raise errors.NestedTooDeep
        if b"\0" in name or b"%00" in name:
            raise errors.NulInName
