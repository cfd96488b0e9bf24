"""What the portal answers: envelope, headers, JSON or XML (protocol C)."""

from __future__ import annotations

from dataclasses import dataclass

from mock_bitrix import clock
from mock_bitrix.php import json, xml
from mock_bitrix.php.dates import iso
from mock_bitrix.portal.model import Portal
from mock_bitrix.rest.call import Listed
from mock_bitrix.rest.errors import RestError
from mock_bitrix.rest.request import Transport

Headers = list[tuple[bytes, bytes]]

CONTENT_TYPES = {
    "json": b"application/json; charset=utf-8",
    "xml": b"text/xml; charset=utf-8",
}
COMMON: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-headers", b"origin, content-type, accept"),
    (b"x-content-type-options", b"nosniff"),
]


@dataclass(frozen=True, slots=True)
class Reply:
    """A status, headers and a body, ready for the wire."""

    status: int
    headers: Headers
    body: bytes


class Stopwatch:
    """Measures a call for its `time` block: by the portal's clock, which may stand still."""

    def __init__(self) -> None:
        self._begun = clock.stopwatch()
        self._processing = self._begun

    def processing(self) -> None:
        """From here on it is the method's own time."""
        self._processing = clock.stopwatch()

    def time(self, portal: Portal) -> dict[str, object]:
        """The `time` block of the call, which ends now (protocol C.2)."""
        now = clock.stopwatch()
        duration, processing = now - self._begun, now - self._processing
        finish = portal.clock.now()
        start = finish - duration
        whole = portal.switches.time_numbers == "whole"
        return {
            "start": int(start) if whole else round(start, 6),
            "finish": round(finish, 6),
            "duration": finish - int(start) if whole else duration,
            "processing": int(processing) if whole else processing,
            "date_start": iso(start, portal.zone),
            "date_finish": iso(finish, portal.zone),
            "operating": 0,
        }


def envelope(result: object) -> dict[str, object]:
    """The members of a success before `time`, in the order of protocol C.1."""
    if not isinstance(result, Listed):
        return {"result": result}
    after = {} if result.next is None else {"next": result.next}
    return {"result": result.result, **after, "total": result.total}


def success(body: dict[str, object], transport: Transport, client_id: str | None) -> Reply:
    """A good answer."""
    headers = _headers(transport)
    if client_id is not None:
        headers.append((b"x-bitrix-rest-application", client_id.encode()))
    return Reply(200, headers, _encoded(body, transport))


def refusal(error: RestError, transport: Transport) -> Reply:
    """A refused call: error and description, no `time`."""
    return Reply(error.status, _headers(transport), _encoded(error.body(), transport))


def _headers(transport: Transport) -> Headers:
    return [(b"content-type", CONTENT_TYPES[transport]), *COMMON]


def _encoded(body: dict[str, object], transport: Transport) -> bytes:
    if transport == "xml":
        return xml.encode(json.unfolded(body))
    return json.encode(body)
