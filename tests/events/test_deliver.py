"""Handlers are called in the background, in order, once; what they do harms nobody (G.4, G.7)."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mock_bitrix.events import deliver
from mock_bitrix.events.deliver import Delivery
from mock_bitrix.testing import MockBitrix
from mock_bitrix.tls.authority import Authority
from tests.events.changes import bind_offline, bind_online, change
from tests.events.handlers import PATIENCE, Handler, raw_handler
from tests.support import TestPortal, install_portal

Deliveries = queue.Queue[Delivery]


@pytest.fixture
def deliveries(portal: TestPortal) -> Iterator[Deliveries]:
    """What the emulator has recorded of the portal's handlers."""
    recorded: Deliveries = queue.Queue()
    emulator = portal.server.emulator

    def record(delivery: Delivery) -> None:
        if delivery.letter.portal_id == portal.id:
            recorded.put(delivery)

    before, emulator.on_delivery = emulator.on_delivery, record
    yield recorded
    emulator.on_delivery = before


def test_a_handlers_answer_is_recorded(portal: TestPortal, deliveries: Deliveries) -> None:
    with Handler(body=b"thank you") as handler:
        bind_online(portal, handler.url)
        change(portal)
        delivery = deliveries.get(timeout=PATIENCE)

    assert (delivery.status, delivery.answer, delivery.failure) == (200, "thank you", "")
    assert delivery.letter.handler == handler.url
    assert delivery.letter.client_id == portal.client_id


def test_it_is_a_form_that_is_posted(portal: TestPortal) -> None:
    with Handler() as handler:
        bind_online(portal, f"{handler.url}/a b?x=1&y[]=2")
        change(portal)
        received = handler.next()

    assert received.path == "/handler/a%20b?x=1&y[]=2"
    assert received.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert received.headers["Host"] == f"127.0.0.1:{handler.port}"


def test_each_handler_gets_its_events_in_order(portal: TestPortal) -> None:
    with Handler() as handler:
        bind_online(portal, handler.url)
        for number in range(50):
            change(portal, data={"FIELDS": {"ID": number}})
        received = [handler.next().fields["data"]["FIELDS"]["ID"] for _ in range(50)]

    assert received == [str(number) for number in range(50)]


@pytest.mark.parametrize("status", [301, 302, 307, 404, 500])
def test_whatever_a_handler_answers_the_event_is_sent_once(
    portal: TestPortal, deliveries: Deliveries, status: int
) -> None:
    with Handler() as elsewhere, Handler(status, {"Location": elsewhere.url}) as handler:
        bind_online(portal, handler.url)
        change(portal)
        change(portal, data={"FIELDS": {"ID": "6"}})
        recorded = [deliveries.get(timeout=PATIENCE) for _ in range(2)]

    assert [delivery.status for delivery in recorded] == [status, status]
    assert [handler.next().fields["data"]["FIELDS"]["ID"] for _ in range(2)] == ["5", "6"]
    assert handler.received.empty()
    assert elsewhere.received.empty()


def hang(connection: socket.socket) -> None:
    connection.recv(1)
    threading.Event().wait(PATIENCE * 3)


def close(connection: socket.socket) -> None:
    connection.recv(1)
    connection.close()


def talk_nonsense(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"SSH-2.0-nonsense\r\n\r\n")
    connection.close()


@pytest.mark.parametrize("treat", [close, talk_nonsense])
def test_a_handler_that_breaks_off_is_recorded(
    portal: TestPortal, deliveries: Deliveries, treat: Any
) -> None:
    with raw_handler(treat) as url:
        bind_online(portal, url)
        change(portal)
        delivery = deliveries.get(timeout=PATIENCE)

    assert delivery.status is None
    assert delivery.failure


def test_a_handler_that_nobody_listens_at_is_recorded(
    portal: TestPortal, deliveries: Deliveries
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    bind_online(portal, f"http://127.0.0.1:{port}/")
    change(portal)

    assert deliveries.get(timeout=PATIENCE).failure


def test_an_answer_in_chunks_is_read(portal: TestPortal, deliveries: Deliveries) -> None:
    def chunks(connection: socket.socket) -> None:
        connection.recv(65536)
        head = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head + b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")
        connection.recv(1)  # held open: the answer is complete without a close

    with raw_handler(chunks) as url:
        bind_online(portal, url)
        change(portal)
        delivery = deliveries.get(timeout=PATIENCE)

    assert (delivery.status, delivery.answer) == (200, "hello world")


def test_a_handler_that_hangs_holds_up_nobody_else(portal: TestPortal) -> None:
    with raw_handler(hang) as hanging, Handler() as handler:
        bind_online(portal, hanging)
        bind_online(portal, handler.url)
        bind_offline(portal)
        change(portal)
        change(portal, data={"FIELDS": {"ID": "6"}})
        received = [handler.next().fields["data"]["FIELDS"]["ID"] for _ in range(2)]

    assert received == ["5", "6"]
    assert len(portal.queue()) == 2


@contextlib.contextmanager
def answering(status: int) -> Iterator[str]:
    with Handler(status, {"Location": "http://127.0.0.1:9/"}) as handler:
        yield handler.url


BAD = {
    "hangs": lambda: raw_handler(hang),
    "closes": lambda: raw_handler(close),
    "talks nonsense": lambda: raw_handler(talk_nonsense),
    "answers 500": lambda: answering(500),
    "redirects": lambda: answering(302),
}


@pytest.mark.parametrize("manner", list(BAD))
def test_what_a_handler_does_changes_nothing_for_callers(portal: TestPortal, manner: str) -> None:
    bind_offline(portal, "ONCRMLEADADD", "sync")
    with BAD[manner]() as url:
        bind_online(portal, url)
        for title in ("one", "two", "three"):
            assert portal.admin("crm.lead.add", fields={"TITLE": title}).result

    # A handler that hangs has ten seconds, more than the client would wait for these answers.
    assert len(portal.queue(auth_connector="sync")) == 3
    assert portal.admin("crm.lead.list").body["total"] == 3


@contextlib.contextmanager
def impatient(**options: Any) -> Iterator[TestPortal]:
    """A portal on a server of its own, with options of its own."""
    import httpx

    with MockBitrix(**options) as running, httpx.Client(trust_env=False) as http:
        yield install_portal(running, http)


def test_a_handler_that_is_too_far_behind_loses_what_comes(
    portal: TestPortal, deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "MOST_WAITING", 2)
    with Handler() as handler:
        bind_online(portal, handler.url)
        with portal.server.emulator.hit():
            for number in range(4):
                change(portal, data={"FIELDS": {"ID": number}})
        recorded = [deliveries.get(timeout=PATIENCE) for _ in range(4)]

    assert sorted(delivery.status or 0 for delivery in recorded) == [0, 0, 200, 200]
    assert sum("too far behind" in delivery.failure for delivery in recorded) == 2


def test_a_handler_that_takes_too_long_is_left_and_the_next_event_comes() -> None:
    recorded: Deliveries = queue.Queue()
    with raw_handler(hang) as hanging, impatient(delivery_timeout=0.05) as portal:
        portal.server.emulator.on_delivery = recorded.put
        bind_online(portal, hanging)
        change(portal)
        change(portal)
        failures = [recorded.get(timeout=PATIENCE).failure for _ in range(2)]

    assert failures == ["no answer within 0.05 s"] * 2


def test_the_server_ends_while_a_handler_hangs() -> None:
    begun = threading.Event()

    def hang_on(connection: socket.socket) -> None:
        begun.set()
        hang(connection)

    with raw_handler(hang_on) as hanging:
        with impatient(delivery_timeout=600) as portal:
            bind_online(portal, hanging)
            change(portal)
            assert begun.wait(PATIENCE)
            started = time.monotonic()
        assert time.monotonic() - started < PATIENCE  # an end without a limit takes 600 s


def test_a_foreign_host_is_not_called(portal: TestPortal, deliveries: Deliveries) -> None:
    bind_online(portal, "http://8.8.8.8/handler")
    change(portal)

    assert "--allow-delivery-to" in deliveries.get(timeout=PATIENCE).failure


def test_an_https_handler_is_trusted_by_the_emulators_own_authority(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOCK_BITRIX_HOME", str(tmp_path))
    context = Authority.open().server_context()
    recorded: Deliveries = queue.Queue()
    with Handler(tls=context) as handler, impatient() as portal:
        portal.server.emulator.on_delivery = recorded.put
        bind_online(portal, handler.url)
        change(portal)
        delivery = recorded.get(timeout=PATIENCE)

    assert (delivery.status, delivery.failure) == (200, "")


@pytest.mark.parametrize("insecure", [False, True])
def test_an_https_handler_of_an_unknown_authority_is_called_only_when_told_to(
    tmp_path: Path, insecure: bool
) -> None:
    context = Authority.open(tmp_path / "foreign").server_context()
    recorded: Deliveries = queue.Queue()
    with Handler(tls=context) as handler, impatient(delivery_insecure=insecure) as portal:
        portal.server.emulator.on_delivery = recorded.put
        bind_online(portal, handler.url)
        change(portal)
        delivery = recorded.get(timeout=PATIENCE)

    assert delivery.status == (200 if insecure else None)
    assert ("certificate" in delivery.failure) is not insecure
