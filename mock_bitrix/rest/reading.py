"""HTTP in: one request of whatever form, read from a connection."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.types import Message, Receive, Scope

from mock_bitrix.rest import errors
from mock_bitrix.rest.request import MOST_VARIABLES, Request

LARGEST_BODY = 16 * 1024 * 1024
"""Bytes; what is larger gets 413, as from the real portal's web server (protocol question 10)."""

LARGEST_HEAD = 64 * 1024
"""Bytes of all headers together; what is larger gets 431. The parser refuses longer addresses."""


class Head(NamedTuple):
    """What the headers of a request say, as `Request` has it."""

    content_type: str
    host: str
    bearer: str | None
    session: bool


async def read(scope: Scope, receive: Receive) -> Request:
    """The request that comes in. Raises `HeadersTooLarge`, `BodyTooLarge`, `ClientDisconnect`."""
    head = _head(tuple(scope["headers"]))
    form, body = None, b""
    if scope["method"] == "POST":  # no other verb's body is read (protocol A.3)
        body = await _body(receive)
        if head.content_type.lower().startswith("multipart/form-data"):
            form = await _form(scope, body)
    return Request(
        verb=scope["method"],
        path=scope["path"],
        query=scope["query_string"],
        content_type=head.content_type,
        body=body,
        form=form,
        scheme=scope["scheme"],
        host=head.host,
        bearer=head.bearer,
        session=head.session,
        source=scope["client"][0] if scope.get("client") else "",
    )


@lru_cache(maxsize=64)
def _head(raw: tuple[tuple[bytes, bytes], ...]) -> Head:
    """What headers say; who calls again and again sends the same. Refuses what is too large."""
    headers = dict(reversed(raw))  # the first of a name counts
    if sum(map(len, chain.from_iterable(raw))) > LARGEST_HEAD:
        raise errors.HeadersTooLarge(limit=LARGEST_HEAD)
    if int(headers.get(b"content-length", b"0")) > LARGEST_BODY:
        raise errors.BodyTooLarge(limit=LARGEST_BODY)
    return Head(
        content_type=headers.get(b"content-type", b"").decode("latin-1"),
        host=headers.get(b"host", b"").decode("latin-1"),
        bearer=_bearer(headers[b"authorization"]) if b"authorization" in headers else None,
        session=b"x-bitrix-csrf-token" in headers,
    )


def _bearer(authorization: bytes) -> str | None:
    scheme, _, token = authorization.decode("latin-1").partition(" ")
    return token.strip() or None if scheme == "Bearer" else None


async def _body(receive: Receive) -> bytes:
    """The whole body. Raises `BodyTooLarge`, whatever length it said it has."""
    chunks: list[bytes] = []
    received, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunks.append(message.get("body", b""))
        received += len(chunks[-1])
        if received > LARGEST_BODY:
            raise errors.BodyTooLarge(limit=LARGEST_BODY)
        more = message.get("more_body", False)
    return b"".join(chunks)


async def _form(scope: Scope, body: bytes) -> tuple[tuple[str, str], ...]:
    """The fields of a multipart body; files are no parameters, and broken ones are none at all."""

    async def read() -> Message:
        return {"type": "http.request", "body": body}

    try:
        form = await HttpRequest(scope, read).form(
            max_fields=MOST_VARIABLES, max_part_size=LARGEST_BODY
        )
    except MultiPartException:
        return ()
    fields = tuple((k, v) for k, v in form.multi_items() if not isinstance(v, UploadFile))
    await form.close()
    return fields
