"""What a server is started with: the options of `serve`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from mock_bitrix.storage.addresses import without_password
from mock_bitrix.tls.hosts import Hosts

DEFAULT_PORT = 8024
DEFAULT_URL = f"http://127.0.0.1:{DEFAULT_PORT}"


_ADDRESS = re.compile(r"https?://(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?/?")
_HOST_NAME = re.compile(r"[A-Za-z0-9._-]+|[0-9a-fA-F:]+")
_IN_MEMORY = re.compile(r"sqlite(\+\w+)?:///?(:memory:.*)?|.*[?&]mode=memory.*")


class SettingError(ValueError):
    """An option, file or value that can't be: one line that says what was wrong and expected."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every option, with its default. Raises `SettingError` for what can't be."""

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    tls: bool = False
    tls_port: int | None = None
    proxy_port: int | None = None
    proxy_pass: tuple[str, ...] = ()
    auth_host: tuple[str, ...] = ()
    public_url: str | None = None
    workers: int = 1
    fixtures: tuple[str, ...] = ()
    fresh: bool = False
    database: str | None = field(default=None, repr=False)
    profile: str = "docs"
    switches: dict[str, str] = field(default_factory=dict)
    request_timeout: float = 60.0
    control_key: str | None = field(default=None, repr=False)
    allow_delivery_to: tuple[str, ...] = ()
    delivery_timeout: float = 10.0
    delivery_insecure: bool = False
    log: str = "text"
    quiet: bool = False

    def __post_init__(self) -> None:
        if self.public_url and not _ADDRESS.fullmatch(self.public_url):
            raise SettingError(
                f"--public-url {self.public_url}: expected http://HOST or https://HOST, "
                "with or without a port, and no path"
            )
        for option in ("proxy_pass", "auth_host"):
            for host in getattr(self, option):
                if not _HOST_NAME.fullmatch(host):
                    name = option.replace("_", "-")
                    raise SettingError(f"--{name} {host}: expected the name of a host, no more")
        if self.proxy_pass and self.proxy_port is None:
            raise SettingError("--proxy-pass lets hosts through the proxy: it needs --proxy-port")
        if self.database and _IN_MEMORY.fullmatch(self.database):
            raise SettingError(
                f"--database {without_password(self.database)}: a database in memory is not "
                "shared between threads; expected a file (leave the option out for a temporary one)"
            )

    @property
    def public_address(self) -> str | None:
        """The address of --public-url as it is compared: lower case, without a last slash."""
        return self.public_url.rstrip("/").lower() if self.public_url else None

    @property
    def hosts(self) -> Hosts:
        """The names that the emulator takes in every run."""
        return Hosts(self.auth_host)

    @property
    def https(self) -> bool:
        """Whether there is any way to call by https."""
        return self.tls or self.tls_port is not None or self.proxy_port is not None
