"""Many clients, slow clients, more clients than there is room for: the others are answered."""

from __future__ import annotations

import contextlib
import socket
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from mock_bitrix.patience import make_room
from mock_bitrix.testing import MockBitrix
from tests.cli.program import Serving
from tests.proof.calling import Caller, NoAnswer, NotSent
from tests.rest.support import Wire

TOKEN = "demo.admin.token"
HEAD = b"POST /rest/profile HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
WHOLE = f"GET /rest/profile?auth={TOKEN} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
IMPATIENT = 0.5


def connected(url: str, number: int, stack: contextlib.ExitStack) -> list[socket.socket]:
    """So many connections, closed at the end."""
    parts = urlsplit(url)
    where = (str(parts.hostname), parts.port)
    return [
        stack.enter_context(contextlib.closing(socket.create_connection(where, timeout=30)))
        for _ in range(number)
    ]


def is_open(connection: socket.socket) -> bool:
    """Whether the server has not hung up."""
    connection.settimeout(0)
    try:
        return connection.recv(65536) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


@pytest.fixture(scope="module")
def impatient() -> Iterator[MockBitrix]:
    with MockBitrix(request_timeout=IMPATIENT) as server:
        yield server


@pytest.mark.parametrize(
    "begun",
    [HEAD[:1], HEAD, HEAD + b"\r\n", HEAD + b"\r\nauth=" + TOKEN.encode()],
    ids=["a letter", "no end of the head", "no body", "half a body"],
)
def test_a_request_that_does_not_end_is_refused(impatient: MockBitrix, begun: bytes) -> None:
    wire = Wire.to(impatient.url)
    wire.send(begun)

    head, body = wire.read()

    assert head.startswith(b"HTTP/1.1 408 ")
    assert body == b"Request timeout"
    assert wire.at_end()
    wire.close()


def test_a_connection_without_any_request_is_closed(impatient: MockBitrix) -> None:
    wire = Wire.to(impatient.url)

    assert wire.read()[0].startswith(b"HTTP/1.1 408 ")
    assert wire.at_end()
    wire.close()


def test_a_head_that_never_ends_is_not_kept(impatient: MockBitrix) -> None:
    wire = Wire.to(impatient.url)
    wire.send(b"GET /rest/profile HTTP/1.1\r\n")
    with contextlib.suppress(OSError):
        for _ in range(40):
            wire.send(b"X-Large: " + b"x" * 50_000 + b"\r\n")

    with contextlib.suppress(ConnectionResetError):  # what was sent on may wipe out the answer
        assert wire.read()[0].startswith(b"HTTP/1.1 431 ")
        assert wire.at_end()
    wire.close()


def test_a_byte_now_and_then_is_not_enough(impatient: MockBitrix) -> None:
    begun = time.monotonic()
    wire = Wire.to(impatient.url)
    with contextlib.suppress(OSError):
        for letter in HEAD * 100:
            wire.send(bytes([letter]))
            time.sleep(IMPATIENT / 20)
            if time.monotonic() - begun > 20 * IMPATIENT:
                break

    assert time.monotonic() - begun < 20 * IMPATIENT
    wire.close()


def test_whoever_asks_in_time_keeps_the_connection(impatient: MockBitrix) -> None:
    wire = Wire.to(impatient.url)
    for _ in range(4):
        wire.send(WHOLE)
        assert wire.read()[0].startswith(b"HTTP/1.1 200 ")
        time.sleep(IMPATIENT / 2)
    wire.close()


def polls(url: str, number: int) -> float:
    """The time of a poll, in the median, in milliseconds."""
    caller, took = Caller(url, TOKEN), []
    for _ in range(number):
        begun = time.perf_counter()
        caller.result("event.offline.get", auth_connector="empty")
        took.append(time.perf_counter() - begun)
    caller.close()
    return statistics.median(took) * 1000


def open_again(url: str) -> str:
    """The address, once somebody is answered there; who waited outside just then is sent away."""
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        caller = Caller(url, TOKEN)
        with contextlib.suppress(NoAnswer, NotSent), contextlib.closing(caller):
            caller("profile")
            return url
        time.sleep(0.05)
    raise AssertionError("the crowd is gone, and nobody is answered")


@pytest.mark.long
def test_clients_that_drip_slow_nobody_down(tmp_path: Path) -> None:
    make_room()
    with Serving(tmp_path, "--request-timeout", "5") as server, contextlib.ExitStack() as stack:
        before = polls(server.url, 300)
        slow = connected(server.url, 1000, stack)
        for round_ in range(3):
            for connection in slow:
                connection.sendall(HEAD[round_ : round_ + 1])
        during = polls(server.url, 300)
        ends = time.monotonic() + 30
        while (left := sum(map(is_open, slow))) and time.monotonic() < ends:
            time.sleep(0.2)
        assert left == 0
    print(f"a poll: {before:.2f} ms alone, {during:.2f} ms beside 1,000 dripping")  # noqa: T201


@pytest.mark.long
def test_two_thousand_connections_at_once_are_all_answered(tmp_path: Path) -> None:
    make_room()
    with Serving(tmp_path) as server, contextlib.ExitStack() as stack:
        begun = time.perf_counter()
        crowd = connected(server.url, 2000, stack)
        for connection in crowd:
            connection.sendall(WHOLE)
        answers = [connection.recv(15) for connection in crowd]
        took = time.perf_counter() - begun
    assert set(answers) == {b"HTTP/1.1 200 OK"}
    print(f"2,000 connections, an answer to each: {took:.1f} s")  # noqa: T201


@pytest.mark.long
def test_without_room_for_more_those_inside_are_served_and_later_others_too(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    if not hasattr(resource, "prlimit"):
        pytest.skip("this system can't set another process's limits")
    with Serving(tmp_path, "--request-timeout", "5") as server:
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (100, 100))
        with contextlib.ExitStack() as stack:
            crowd = connected(server.url, 300, stack)
            crowd[0].sendall(WHOLE)
            assert crowd[0].recv(15) == b"HTTP/1.1 200 OK"
        assert polls(open_again(server.url), 10) > 0
