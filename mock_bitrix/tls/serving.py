"""What --tls, --tls-port and --proxy-port ask for, from settings to listeners."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import uvicorn

from mock_bitrix.listening import Sockets, reached
from mock_bitrix.settings import SettingError, Settings
from mock_bitrix.storage.database import StorageError
from mock_bitrix.tls.authority import Authority, AuthorityError
from mock_bitrix.tls.hosts import plain_host
from mock_bitrix.tls.listeners import Companion, HttpsListener, secured
from mock_bitrix.tls.proxy import Proxy

if TYPE_CHECKING:
    from mock_bitrix.emulator import Emulator


class Tls:
    """The authority of this user, and what is served with its certificates."""

    def __init__(self, emulator: Emulator, settings: Settings, sockets: Sockets) -> None:
        """Raises `SettingError` where the authority can't be had."""
        try:
            authority = Authority.open()
        except AuthorityError as error:
            raise SettingError(str(error)) from error
        self._context = authority.server_context(_names(settings), _allowed(emulator))
        self._emulator = emulator
        self._settings = settings
        self._sockets = sockets
        emulator.authority = authority.certificate_file.read_text(encoding="ascii")
        emulator.proxy_url = sockets.proxy_url

    def beside(
        self, app: Any, config: uvicorn.Config, options: dict[str, Any], *, proxied: bool
    ) -> list[Companion]:
        """Secure the main port if --tls says so; give what runs beside it, the proxy last."""
        if self._settings.tls:
            secured(config, self._context)
        companions: list[Companion] = [
            HttpsListener(app, self._context, bound, **options)
            for bound in (self._sockets.secure, self._sockets.tunnel)
            if bound is not None
        ]
        if proxied and self._sockets.proxy is not None:
            companions.append(proxy(self._emulator, self._settings, self._sockets))
        return companions


def proxy(emulator: Emulator, settings: Settings, sockets: Sockets) -> Proxy:
    """The proxy of --proxy-port."""
    assert sockets.tunnel is not None
    return Proxy(
        allowed=_allowed(emulator),
        target=reached(sockets.tunnel),
        plain_target=None if settings.tls else reached(sockets.main),
        pass_hosts=settings.proxy_pass,
        bound=sockets.proxy,
    )


def _names(settings: Settings) -> list[str]:
    """The names by which the server may be called, beside those that every certificate has."""
    public = urlsplit(settings.public_address or "").hostname or ""
    named = [settings.host, public, *settings.auth_host]
    return [name for name in named if name not in ("", "0.0.0.0", "::")]


def _allowed(emulator: Emulator) -> Callable[[str], bool]:
    def allowed(host: str) -> bool:
        name = plain_host(host)
        if emulator.hosts.emulates(name):
            return True
        try:
            return emulator.directory.revised().by_domain(name) is not None
        except StorageError:
            return False

    return allowed
