"""What the portal answers: envelope, headers, JSON or XML (protocol C)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, TypeGuard

from mock_bitrix import clock
from mock_bitrix.php import json
from mock_bitrix.php.dates import iso
from mock_bitrix.php.json import micro
from mock_bitrix.php.values import truthy
from mock_bitrix.portal.model import Portal
from mock_bitrix.rest.call import Listed
from mock_bitrix.rest.errors import RestError
from mock_bitrix.rest.limits import Usage
from mock_bitrix.rest.request import Transport

Headers = Sequence[tuple[bytes, bytes]]

UNCOUNTED = '"operating":0'
"""The end of a `time` block where operating time isn't counted."""

CONTENT_TYPES = {
    "json": b"application/json; charset=utf-8",
    "xml": b"text/xml; charset=utf-8",
}
COMMON: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-headers", b"origin, content-type, accept"),
    (b"x-content-type-options", b"nosniff"),
]


_ALWAYS: dict[Transport, Headers] = {
    "json": [(b"content-type", CONTENT_TYPES["json"]), *COMMON],
    "xml": [(b"content-type", CONTENT_TYPES["xml"]), *COMMON],
}


class Reply(NamedTuple):
    """A status, headers and a body, ready for the wire. `drop`: close the connection instead."""

    status: int
    headers: Headers
    body: bytes
    drop: bool = False


class Stopwatch:
    """Measures a call for its `time` block: by the portal's clock, which may stand still."""

    __slots__ = ("_begun", "_processing", "_processor")

    def __init__(self) -> None:
        self._begun = clock.stopwatch()
        self._processing = self._begun
        self._processor = clock.processor_times()

    def processing(self) -> None:
        """From here on it is the method's own time."""
        self._processing = clock.stopwatch()

    @property
    def duration(self) -> float:
        """Seconds so far."""
        return clock.stopwatch() - self._begun

    def time(self, portal: Portal, usage: Usage | None = None) -> json.Encoded:
        """The `time` block of the call, which ends now, as JSON (protocol C.2).

        `usage`: the operating time, where the portal counts it (protocol H.2).
        """
        now = clock.stopwatch()
        duration, processing = now - self._begun, now - self._processing
        finish = portal.clock.now()
        start = finish - duration
        begun, worked = start, processing
        if portal.switches.time_numbers == "whole":
            begun, worked = int(start), int(processing)
            duration = finish - begun
        ended = _second(finish // 1, portal.zone)
        before = ended if start // 1 == finish // 1 else _second(start // 1, portal.zone)
        return json.fragment(
            f'{{"start":{micro(begun)},"finish":{micro(finish)},'
            f'"duration":{micro(duration)},"processing":{micro(worked)},'
            f'"date_start":"{before}","date_finish":"{ended}",'
            f"{UNCOUNTED if usage is None else usage.shown()}}}"
        )

    def headers(self) -> Headers:
        """What the call has taken so far: by the clock, and of the processor (protocol C.4)."""
        begun = self._processor
        user, system = clock.processor_times()
        return [
            (b"x-bitrix-rest-time", b"%.10f" % (clock.stopwatch() - self._begun)),
            (b"x-bitrix-rest-user-time", _decimals(user - begun[0])),
            (b"x-bitrix-rest-system-time", _decimals(system - begun[1])),
        ]


_second = lru_cache(maxsize=64)(iso)  # which all calls of one second ask for


def _decimals(seconds: float) -> bytes:
    """Ten of them; most calls use no processor that can be measured."""
    return b"%.10f" % seconds if seconds else b"0.0000000000"


def envelope(result: object, time: json.Encoded) -> dict[str, object]:
    """The members of a success, in the order of protocol C.1; a result may be an error, too."""
    if is_error(result):
        return dict(result)
    if not isinstance(result, Listed):
        return {"result": result, "time": time}
    after = {} if result.next is None else {"next": result.next}
    return {"result": result.result, **after, "total": result.total, "time": time}


def is_error(result: object) -> TypeGuard[dict[str, object]]:
    """Whether a method's own array is sent as it is, as an error (protocol C.1)."""
    if not isinstance(result, dict) or "error" not in result:
        return False
    return truthy(result["error"]) and truthy(result.get("error_description"))


def measured(stopwatch: Stopwatch, client_id: str | None) -> Headers:
    """Whose call it was, if an application's, and what it took (protocol C.4)."""
    application = [(b"x-bitrix-rest-application", client_id.encode())] if client_id else []
    return [*application, *stopwatch.headers()]


def noted(note: str | None) -> Headers:
    """What this server says about an answer that isn't the real portal's way."""
    return [(b"x-mock-bitrix", note.encode())] if note else []


def success(body: dict[str, object], transport: Transport, measured: Headers) -> Reply:
    """A good answer."""
    return Reply(200, [*_headers(transport), *measured], _encoded(body, transport))


def refusal(error: RestError, transport: Transport, measured: Headers = ()) -> Reply:
    """A refused call: error and description, no `time`."""
    headers = [*_headers(transport), *measured]
    return Reply(error.status, headers, _encoded(error.body(), transport))


def _headers(transport: Transport) -> Headers:
    return _ALWAYS[transport]


def _encoded(body: dict[str, object], transport: Transport) -> bytes:
    if transport == "xml":
        from mock_bitrix.php import xml  # few ever ask for it

        return xml.encode(json.unfolded(body))
    return json.encode(body)
