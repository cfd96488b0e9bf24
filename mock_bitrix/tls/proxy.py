"""An HTTP proxy on loopback, behind which the emulator stands for the vendor's hosts.

Clients that insist on https, on port 443 or on a fixed authorisation host reach it unmodified.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import socket
from collections.abc import AsyncIterator, Callable, Collection

from mock_bitrix.tls.hosts import plain_host
from mock_bitrix.tls.proxy_request import ProxyRequest, parse
from mock_bitrix.tls.refusals import (
    ForeignHost,
    HeadTooLarge,
    HeadTooSlow,
    NotForAProxy,
    ProxyError,
    TooManyConnections,
    Unreachable,
)
from mock_bitrix.tls.tunnel import Connection, join

HEAD_LIMIT = 16 * 1024
HEAD_SECONDS = 10.0
CONNECT_SECONDS = 10.0
FAREWELL_SECONDS = 1.0
MAX_CONNECTIONS = 1000

Address = tuple[str, int]
logger = logging.getLogger(__name__)


class Proxy:
    """A CONNECT proxy.

    A host that `allowed` accepts leads to `target`, the emulator's own https listener, whatever
    the port; its plain http requests (and tunnels to port 80) lead to `plain_target`, where there
    is one. Hosts in `pass_hosts` are reached for real. Everything else is refused with 403.
    """

    def __init__(
        self,
        *,
        allowed: Callable[[str], bool],
        target: Address,
        plain_target: Address | None = None,
        pass_hosts: Collection[str] = (),
        host: str = "127.0.0.1",
        port: int = 0,
        bound: socket.socket | None = None,
        head_seconds: float = HEAD_SECONDS,
        max_connections: int = MAX_CONNECTIONS,
    ) -> None:
        """`bound`: a socket that listens already, instead of host and port.

        Raises ValueError for a `host` that is no address on loopback.
        """
        if bound is not None:
            host, port = bound.getsockname()[:2]
        if not ipaddress.ip_address(host).is_loopback:
            raise ValueError(f"the proxy listens on loopback only, not on {host}")
        self._allowed = allowed
        self._target = target
        self._plain_target = plain_target
        self._pass_hosts = {plain_host(name) for name in pass_hosts}
        self._address = (host, port)
        self._bound = bound
        self._head_seconds = head_seconds
        self._max_connections = max_connections
        self._connections: set[Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopped = False

    @property
    def port(self) -> int:
        """The port it listens on; known once started."""
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Listens. Raises OSError when the port is taken."""
        if self._bound is not None:
            self._server = await asyncio.start_server(
                self._serve, sock=self._bound, limit=HEAD_LIMIT
            )
        else:
            host, port = self._address
            self._server = await asyncio.start_server(self._serve, host, port, limit=HEAD_LIMIT)

    async def stop(self) -> None:
        """Ends listening and every tunnel, at once."""
        self._stopped = True
        self._server.close()
        for task in self._tasks:
            task.cancel()
        for connection in self._connections:
            connection.abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if self._stopped:
            writer.transport.abort()
            return
        self._tasks.add(task)
        # Cancelled means stopped: nobody is there who should hear of it.
        with contextlib.suppress(OSError, asyncio.CancelledError):
            async with self._kept(Connection(reader, writer)) as client:
                await self._answer(client)
        self._tasks.discard(task)

    @contextlib.asynccontextmanager
    async def _kept(self, connection: Connection) -> AsyncIterator[Connection]:
        self._connections.add(connection)
        try:
            yield connection
        finally:
            await connection.close()
            self._connections.discard(connection)

    async def _answer(self, client: Connection) -> None:
        try:
            self._check_room()
            wanted = parse(await self._head(client.reader))
            other = await _connect(self._way(wanted), wanted.host)
        except ProxyError as refusal:
            await _dismiss(client, refusal)
            return
        async with self._kept(other):
            _introduce(client, other, wanted)
            await join(client, other)

    def _check_room(self) -> None:
        if len(self._tasks) > self._max_connections:
            raise TooManyConnections(f"{self._max_connections} connections are open already")

    async def _head(self, reader: asyncio.StreamReader) -> bytes:
        try:
            async with asyncio.timeout(self._head_seconds):
                return await reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError as error:
            raise HeadTooLarge(f"the request's head is over {HEAD_LIMIT} bytes") from error
        except TimeoutError as error:
            raise HeadTooSlow(f"the request's head took over {self._head_seconds} s") from error
        except asyncio.IncompleteReadError as error:
            if not error.partial:  # somebody only looked whether the port is open
                raise ConnectionError from error
            raise NotForAProxy("the request's head ended too early") from error

    def _way(self, wanted: ProxyRequest) -> Address:
        """The address to connect to."""
        if wanted.host in self._pass_hosts:
            return wanted.host, wanted.port
        if not self._allowed(wanted.host):
            raise ForeignHost(wanted.host)
        if wanted.tunnel and (wanted.port != 80 or self._plain_target is None):
            return self._target
        if self._plain_target is None:
            raise NotForAProxy(f"{wanted.host} is served by https only here")
        return self._plain_target


async def _connect(address: Address, host: str) -> Connection:
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            return Connection(*await asyncio.open_connection(*address))
    except OSError as error:  # TimeoutError is one
        raise Unreachable(f"{host} can't be reached: {error or 'no answer'}") from error


def _introduce(client: Connection, other: Connection, wanted: ProxyRequest) -> None:
    if wanted.tunnel:
        client.writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    else:
        other.writer.write(wanted.forward)


async def _dismiss(client: Connection, refusal: ProxyError) -> None:
    """Answers and gives the client a moment to go: closing on unread data loses the answer."""
    logger.warning("%s", refusal.line)
    client.writer.write(refusal.response())
    client.end()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(FAREWELL_SECONDS):
            while await client.reader.read(HEAD_LIMIT):
                pass
