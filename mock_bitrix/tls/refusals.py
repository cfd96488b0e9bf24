"""What the proxy answers when it does not carry a connection: one class for each reason."""

from __future__ import annotations

from http import HTTPStatus


class ProxyError(Exception):
    """A refusal: a status and one line that says what was wrong and what would be right."""

    status = HTTPStatus.BAD_REQUEST

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = f"mock-bitrix proxy: {line}"

    @property
    def reason(self) -> str:
        """The text beside the status, which is all that many clients show."""
        return self.status.phrase

    def response(self) -> bytes:
        """The whole answer, as it goes over the wire."""
        body = f"{self.line}\n".encode()
        return (
            f"HTTP/1.1 {self.status.value} {self.reason}\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n"
        ).encode("ascii") + body


class NotForAProxy(ProxyError):
    """The request is none that a proxy takes."""


class HeadTooLarge(ProxyError):
    """The request's head is larger than the limit."""

    status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE


class HeadTooSlow(ProxyError):
    """The request's head did not arrive in time."""

    status = HTTPStatus.REQUEST_TIMEOUT


class TooManyConnections(ProxyError):
    """The proxy carries as many connections as it may."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class Unreachable(ProxyError):
    """The other end can't be reached."""

    status = HTTPStatus.BAD_GATEWAY


class ForeignHost(ProxyError):
    """The host is neither emulated nor one to let through."""

    status = HTTPStatus.FORBIDDEN

    def __init__(self, host: str) -> None:
        super().__init__(
            f"{host} is neither an emulated portal nor an authorisation server, and nothing was "
            f"sent to it; to let it through, start the server with --proxy-pass {host}"
        )
        self._host = host

    @property
    def reason(self) -> str:
        """The same in a few words, for the status line."""
        return f"{self._host} is not emulated, see --proxy-pass"
