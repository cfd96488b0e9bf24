"""What a server is started with: the options of `serve`."""

from __future__ import annotations

from dataclasses import dataclass, field

DEFAULT_PORT = 8024
DEFAULT_URL = f"http://127.0.0.1:{DEFAULT_PORT}"


class SettingError(ValueError):
    """An option, file or value that can't be: one line that says what was wrong and expected."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every option, with its default."""

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    fixtures: tuple[str, ...] = ()
    fresh: bool = False
    database: str | None = None
    profile: str = "docs"
    switches: dict[str, str] = field(default_factory=dict)
    allow_delivery_to: tuple[str, ...] = ()
    delivery_timeout: float = 10.0
    delivery_insecure: bool = False
