"""Helpers for tests of the REST surface: what a method was given, and what goes over the wire."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Any

from tests.support import Answer, Client, Json, TestPortal, install_portal

HANDLER = "https://www.my-domain.com/handler/"


@dataclass(frozen=True)
class Echo:
    """Shows what a method gets: `event.test` puts it into the queue of the connector `echo`."""

    portal: TestPortal

    def __post_init__(self) -> None:
        bound = self.portal.admin(
            "event.bind", event="ONAPPTEST", event_type="offline", auth_connector="echo"
        )
        assert bound.result is True

    def __call__(self, verb: str = "POST", call: str = "event.test", **request: Any) -> Json:
        """Call event.test in whatever way; give the parameters that it got."""
        answer = self.portal.admin.send(verb, call, **request)
        assert answer.result == 1
        return self.got()

    def got(self) -> Json:
        """The parameters of the call before."""
        taken = self.portal.admin("event.offline.get", auth_connector="echo").result["events"]
        assert len(taken) == 1
        return taken[0]["EVENT_DATA"]["QUERY"]


@dataclass(frozen=True)
class Wire:
    """One connection to a server, for requests as no client library would write them."""

    connection: socket.socket

    @classmethod
    def to(cls, url: str) -> Wire:
        """Connect to a server's address."""
        host, _, port = url.removeprefix("http://").partition(":")
        return cls(socket.create_connection((host, int(port)), timeout=30))

    def send(self, request: bytes | str) -> None:
        """Write as it is."""
        self.connection.sendall(request.encode() if isinstance(request, str) else request)

    def read(self) -> tuple[bytes, bytes]:
        """Head and body of one answer that names its length."""
        head = b""
        while b"\r\n\r\n" not in head:
            head += self._more()
        head, _, body = head.partition(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        )
        while len(body) < length:
            body += self._more()
        return head, body

    def at_end(self) -> bool:
        """Whether the server has closed the connection."""
        return self.connection.recv(1) == b""

    def close(self) -> None:
        """Hang up."""
        self.connection.close()

    def _more(self) -> bytes:
        received = self.connection.recv(65536)
        assert received, "the server hung up"
        return received


def refused(answer: Answer, status: int, code: str, text: str) -> bool:
    """Whether the answer is this refusal, and nothing else."""
    expected = {"error": code, "error_description": text}
    return (answer.status, answer.body) == (status, expected)


def bind(caller: Client, **given: Json) -> Answer:
    """Subscribe, to new leads unless something else is given."""
    return caller("event.bind", **{"event": "ONCRMLEADADD", **given})


def bound(portal: TestPortal) -> list[Json]:
    """All subscriptions, as an administrator sees them."""
    result: list[Json] = portal.admin("event.get").result
    return result


def run(caller: Client, *listed: Json, halt: Json = 0, **named: Json) -> Json:
    """A batch; the five maps of its answer."""
    return caller("batch", cmd=named or list(listed), halt=halt).result


def without_feature(portal: TestPortal, feature: str) -> TestPortal:
    """A portal whose plan lacks a feature."""
    return install_portal(portal.server, portal.http, {"portal": {"features": {feature: False}}})
