from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import pytest

from mock_bitrix.tls.hosts import Hosts
from mock_bitrix.tls.proxy import HEAD_LIMIT, Proxy
from mock_bitrix.tls.tunnel import Connection

T = TypeVar("T")
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
CONNECT = b"CONNECT demo.bitrix24.test:443 HTTP/1.1\r\nHost: demo.bitrix24.test\r\n\r\n"


def told(story: Coroutine[Any, Any, T]) -> T:
    """What a story ends with; one that hangs is a failure."""
    return asyncio.run(asyncio.wait_for(story, 20))


async def read_all(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers with all it got, once the other side has said its last."""
    writer.write(b"got " + await reader.read())
    writer.close()


@asynccontextmanager
async def listening(serve: Serve) -> AsyncIterator[tuple[str, int]]:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()


@asynccontextmanager
async def proxied(serve: Serve = read_all, **options: Any) -> AsyncIterator[Proxy]:
    """A proxy before a target that speaks plainly."""
    async with listening(serve) as target:
        options = {"allowed": Hosts().emulates, "target": target, **options}
        proxy = Proxy(**options)
        await proxy.start()
        try:
            yield proxy
        finally:
            await proxy.stop()


@asynccontextmanager
async def client(proxy: Proxy, sends: bytes = b"") -> AsyncIterator[Connection]:
    connection = Connection(*await asyncio.open_connection("127.0.0.1", proxy.port))
    connection.writer.write(sends)
    try:
        yield connection
    finally:
        await connection.close()


async def answer(proxy: Proxy, sends: bytes) -> str:
    async with client(proxy, sends) as connection:
        connection.end()
        return (await connection.reader.read()).decode()


def test_an_emulated_host_leads_to_the_target_whatever_the_port() -> None:
    async def story() -> list[str]:
        async with proxied() as proxy:
            return [
                await answer(proxy, b"CONNECT %b HTTP/1.1\r\n\r\nhello" % to)
                for to in (b"demo.bitrix24.test:443", b"oauth.bitrix.info:9999", b"a.bitrix24.test")
            ]

    expected = "HTTP/1.1 200 Connection established\r\n\r\ngot hello"
    assert told(story()) == [expected] * 3


def test_a_foreign_host_is_refused_by_one_line_that_names_it_and_the_option(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story() -> str:
        async with proxied() as proxy:
            return await answer(proxy, b"CONNECT example.org:443 HTTP/1.1\r\n\r\nhello")

    head, _, body = told(story()).partition("\r\n\r\n")

    assert head.splitlines()[0] == "HTTP/1.1 403 example.org is not emulated, see --proxy-pass"
    assert body.count("\n") == 1
    assert "start the server with --proxy-pass example.org" in body
    assert caplog.messages == [body.strip()]


def test_a_host_to_pass_is_reached_for_real_at_its_own_port() -> None:
    async def story() -> str:
        async def real(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"real")
            writer.close()

        async with listening(real) as there, proxied(pass_hosts=["LOCALHOST"]) as proxy:
            return await answer(proxy, b"CONNECT localhost:%d HTTP/1.1\r\n\r\n" % there[1])

    assert told(story()).endswith("\r\n\r\nreal")


def test_a_host_that_cannot_be_reached_is_a_502() -> None:
    async def story() -> str:
        free = socket.create_server(("127.0.0.1", 0))
        target = free.getsockname()
        free.close()
        async with proxied(target=target) as proxy:
            return await answer(proxy, CONNECT)

    answered = told(story())
    assert answered.startswith("HTTP/1.1 502 ")
    assert "demo.bitrix24.test can't be reached: " in answered


def test_plain_http_leads_to_the_plain_target() -> None:
    async def story() -> list[str]:
        async with listening(read_all) as plain, proxied(plain_target=plain) as proxy:
            request = b"GET http://demo.bitrix24.test/rest/x HTTP/1.1\r\n\r\n"
            tunnel = b"CONNECT demo.bitrix24.test:80 HTTP/1.1\r\n\r\nhello"
            return [await answer(proxy, request), await answer(proxy, tunnel)]

    request, tunnel = told(story())
    assert request.startswith("got GET /rest/x HTTP/1.1\r\nHost: demo.bitrix24.test\r\n")
    assert tunnel == "HTTP/1.1 200 Connection established\r\n\r\ngot hello"


def test_plain_http_to_a_foreign_host_is_refused_even_with_a_body_on_its_way() -> None:
    def posted(port: int) -> str:
        with socket.create_connection(("127.0.0.1", port)) as blocking:
            blocking.sendall(b"POST http://example.org/ HTTP/1.1\r\n\r\n" + bytes(16_000_000))
            return blocking.recv(1000).decode()

    async def story() -> str:
        async with proxied() as proxy:
            return await asyncio.to_thread(posted, proxy.port)

    assert told(story()).startswith("HTTP/1.1 403 ")


def test_plain_http_without_a_plain_target_says_that_https_is_there() -> None:
    async def story() -> str:
        async with proxied() as proxy:
            return await answer(proxy, b"GET http://demo.bitrix24.test/ HTTP/1.1\r\n\r\n")

    answered = told(story())
    assert answered.startswith("HTTP/1.1 400 ")
    assert "https only" in answered


def test_a_head_over_16_kilobytes_is_refused() -> None:
    async def story() -> str:
        async with proxied() as proxy:
            return await answer(proxy, CONNECT[:-2] + b"X: " + b"x" * HEAD_LIMIT + b"\r\n\r\n")

    assert told(story()).startswith("HTTP/1.1 431 ")


def test_a_head_that_trickles_in_is_given_up() -> None:
    async def story() -> str:
        async with proxied(head_seconds=0.05) as proxy, client(proxy, CONNECT[:20]) as slow:
            return (await slow.reader.read()).decode()

    assert told(story()).startswith("HTTP/1.1 408 ")


def test_a_head_that_ends_early_is_refused_and_a_mere_look_at_the_port_is_not_spoken_of(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story() -> list[str]:
        async with proxied() as proxy:
            return [await answer(proxy, b""), await answer(proxy, b"CONNECT")]

    nothing, early = told(story())
    assert nothing == ""
    assert early.startswith("HTTP/1.1 400 ")
    assert len(caplog.messages) == 1


def test_more_connections_than_may_be_are_refused() -> None:
    async def story() -> tuple[str, str]:
        async with proxied(max_connections=1) as proxy:
            async with client(proxy, CONNECT) as first:
                await first.reader.readuntil(b"\r\n\r\n")
                crowded = await answer(proxy, CONNECT)
                first.end()
                await first.reader.read()
            return crowded, await answer(proxy, CONNECT)

    crowded, roomy = told(story())
    assert crowded.startswith("HTTP/1.1 503 ")
    assert roomy.startswith("HTTP/1.1 200 ")


def test_the_target_may_end_first_and_still_hear_the_client() -> None:
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def ends_first(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write_eof()
        heard.put_nowait(await reader.read())
        writer.close()

    async def story() -> bytes:
        async with proxied(ends_first) as proxy, client(proxy, CONNECT) as talking:
            await talking.reader.read()
            talking.writer.write(b"still here")
            talking.end()
            return await heard.get()

    assert told(story()) == b"still here"


def break_off(connection: Connection) -> None:
    """Resets the connection, as a client does that dies."""
    opened = connection.writer.get_extra_info("socket")
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.abort()


def test_a_client_that_breaks_off_ends_the_targets_connection_without_a_word(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ended = asyncio.Event()

    async def waits(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        ended.set()
        writer.close()

    async def story() -> None:
        async with proxied(waits) as proxy, client(proxy, CONNECT) as rude:
            await rude.reader.readuntil(b"\r\n\r\n")
            break_off(rude)
            await ended.wait()

    told(story())
    assert caplog.messages == []


TOTAL = 48 * 1024 * 1024
PIECE = bytes(256 * 1024)


async def standstill(count: Callable[[], int]) -> int:
    """The count once it goes up no more."""
    before = -1
    while before != count():
        before = count()
        await asyncio.sleep(0.1)
    return before


class Pouring:
    """A target that sends as fast as it may."""

    sent = 0

    async def __call__(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while self.sent < TOTAL:
            writer.write(PIECE)
            await writer.drain()
            self.sent += len(PIECE)
        writer.close()


def test_a_client_that_does_not_read_slows_the_target_down() -> None:
    async def story() -> tuple[int, int]:
        pours = Pouring()
        async with proxied(pours) as proxy, client(proxy, CONNECT) as lazy:
            await lazy.reader.readuntil(b"\r\n\r\n")
            stood_at, got = await standstill(lambda: pours.sent), 0
            while data := await lazy.reader.read(1 << 20):
                got += len(data)
            return stood_at, got

    stood_at, got = told(story())
    assert stood_at < TOTAL
    assert got == TOTAL


def test_stopping_ends_open_tunnels_at_once_and_takes_no_more() -> None:
    async def story() -> bytes:
        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        async with proxied(silent) as proxy:
            port = proxy.port
            async with client(proxy, CONNECT) as tunnel:
                await tunnel.reader.readuntil(b"\r\n\r\n")
                await proxy.stop()
                with pytest.raises(ConnectionError):
                    await asyncio.open_connection("127.0.0.1", port)
                try:
                    return await tunnel.reader.read()
                except ConnectionError:
                    return b""

    assert told(story()) == b""


def test_stopping_does_not_wait_for_a_client_that_does_not_read() -> None:
    async def story() -> int:
        pours = Pouring()
        async with proxied(pours) as proxy, client(proxy, CONNECT) as lazy:
            await standstill(lambda: pours.sent)
            await proxy.stop()
            lazy.abort()
            return pours.sent

    assert told(story()) < TOTAL


def test_stopping_does_not_wait_for_a_host_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = asyncio.Event()

    async def never(*_: object, **__: object) -> None:
        asked.set()
        await asyncio.Event().wait()

    async def story() -> bytes:
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", never)
        head = b"CONNECT slow.example:443 HTTP/1.1\r\n\r\n"
        async with proxied(pass_hosts=["slow.example"]) as proxy, client(proxy, head) as waiting:
            await asked.wait()
            await asyncio.wait_for(proxy.stop(), 5)
            return await waiting.reader.read()

    assert told(story()) == b""


def test_a_connection_accepted_before_the_stop_and_served_after_it_is_ended() -> None:
    async def story() -> bytes:
        async with proxied() as proxy:
            await proxy.stop()
            async with listening(proxy._serve) as (_, port):
                late = Connection(*await asyncio.open_connection("127.0.0.1", port))
                try:
                    return await late.reader.read()
                finally:
                    await late.close()

    assert told(story()) == b""


def test_the_proxy_listens_on_loopback_only() -> None:
    with pytest.raises(ValueError, match=r"loopback only, not on 0\.0\.0\.0"):
        Proxy(allowed=Hosts().emulates, target=("127.0.0.1", 1), host="0.0.0.0")
