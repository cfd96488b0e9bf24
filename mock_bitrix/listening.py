"""The sockets of a server, bound before anything else happens: a taken port changes nothing."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass

from mock_bitrix.settings import SettingError, Settings

LOOPBACK = "127.0.0.1"
_ANY = {"0.0.0.0": LOOPBACK, "::": "::1"}


@dataclass(frozen=True)
class Sockets:
    """Listening sockets: `secure` for --tls-port, `proxy` for --proxy-port, `tunnel` behind it."""

    main: socket.socket
    scheme: str
    secure: socket.socket | None = None
    tunnel: socket.socket | None = None
    proxy: socket.socket | None = None

    @property
    def url(self) -> str:
        """The address of the main port."""
        return url_of(self.main, self.scheme)

    @property
    def secure_url(self) -> str | None:
        """The address of --tls-port."""
        return url_of(self.secure, "https") if self.secure else None

    @property
    def proxy_url(self) -> str | None:
        """The address of the proxy."""
        return url_of(self.proxy, "http") if self.proxy else None

    def close(self) -> None:
        """Listen no more."""
        for each in (self.main, self.secure, self.tunnel, self.proxy):
            if each is not None:
                each.close()


def bind(settings: Settings) -> Sockets:
    """The sockets that the settings ask for. Raises `SettingError` for an address that is taken."""
    with contextlib.ExitStack() as stack:

        def further(host: str, port: int | None) -> socket.socket | None:
            return None if port is None else stack.enter_context(_bound(host, port))

        sockets = Sockets(
            main=stack.enter_context(_bound(settings.host, settings.port)),
            scheme="https" if settings.tls else "http",
            secure=further(settings.host, settings.tls_port),
            tunnel=further(LOOPBACK, None if settings.proxy_port is None else 0),
            proxy=further(LOOPBACK, settings.proxy_port),
        )
        stack.pop_all()
    return sockets


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        where = f"{host} port {port}"
        raise SettingError(f"can't listen on {where}: {error.strerror or error}") from error


def reached(listening: socket.socket) -> tuple[str, int]:
    """Host and port by which a process on this machine reaches a socket."""
    host, port = listening.getsockname()[:2]
    return _ANY.get(host, host), port


def url_of(listening: socket.socket, scheme: str = "http") -> str:
    """The address under which the socket is reached."""
    host, port = reached(listening)
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


@contextlib.contextmanager
def bound(settings: Settings) -> Iterator[Sockets]:
    """The sockets, closed at the end."""
    sockets = bind(settings)
    try:
        yield sockets
    finally:
        sockets.close()
