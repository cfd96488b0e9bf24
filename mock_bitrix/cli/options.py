"""Options that several commands take, each of them an environment variable, too."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from mock_bitrix.settings import DEFAULT_PORT, DEFAULT_URL

F = TypeVar("F", bound=Callable[..., Any])


class ListedText(click.types.StringParamType):
    """Text of a repeatable option, whose variable holds a list parted as the system parts paths."""

    name = "text"
    envvar_list_splitter = os.pathsep


def option(name: str, *declarations: str, **attributes: Any) -> Callable[[F], F]:
    """An option that is also an environment variable, `MOCK_BITRIX_` and its name."""
    variable = "MOCK_BITRIX_" + name.removeprefix("--").replace("-", "_").upper()
    return click.option(name, *declarations, envvar=variable, show_envvar=True, **attributes)


def _switches(_context: click.Context, given_to: click.Parameter, given: Any) -> dict[str, str]:
    switches = {}
    for setting in given:
        name, equals, value = setting.partition("=")
        if not equals:
            raise click.BadParameter(f"{setting!r}: expected name=value", param=given_to)
        switches[name.strip()] = value.strip()
    return switches


TLS = option("--tls", is_flag=True, help="Speak https on the port, see `mock-bitrix ca`.")
PROXY_PORT = option(
    "--proxy-port",
    type=click.IntRange(0, 65535),
    help="Also be a CONNECT proxy on this port of loopback, for the portals' and the "
    "authorisation servers' names.",
)
PROFILE = option(
    "--profile",
    type=click.Choice(["docs", "cloud"]),
    default="docs",
    show_default=True,
    help="As the documentation's page says, or as the current cloud does.",
)
SWITCHES = option(
    "--set",
    "switches",
    multiple=True,
    metavar="NAME=VALUE",
    type=ListedText(),
    callback=_switches,
    help="A single switch of the profile. Repeatable.",
)

SERVE_OPTIONS: list[Any] = [
    option("--host", default="127.0.0.1", show_default=True, help="Address to listen on."),
    option(
        "--port",
        default=DEFAULT_PORT,
        show_default=True,
        type=click.IntRange(0, 65535),
        help="Port to listen on; 0 takes a free one.",
    ),
    TLS,
    option(
        "--tls-port",
        type=click.IntRange(0, 65535),
        help="Speak https on this port, beside http on the other.",
    ),
    PROXY_PORT,
    option(
        "--proxy-pass",
        multiple=True,
        metavar="HOST",
        type=ListedText(),
        help="A further host that the proxy lets clients reach. Repeatable.",
    ),
    option(
        "--auth-host",
        multiple=True,
        metavar="HOST",
        type=ListedText(),
        help="A further name of the authorisation server, beside the vendor's. Repeatable.",
    ),
    option(
        "--public-url",
        metavar="URL",
        help="Address under which clients reach the server, for events that no call caused.",
    ),
    option(
        "--workers",
        default=1,
        show_default=True,
        type=click.IntRange(1, 64),
        help="Processes that share the port and the database.",
    ),
    option(
        "--fixtures",
        multiple=True,
        metavar="PATH",
        type=ListedText(),
        help="Fixture file (.yaml, .json, .jsonl) instead of the demo portal. Repeatable.",
    ),
    option("--fresh", is_flag=True, help="Start over from the files."),
    option(
        "--database",
        metavar="URL",
        help="SQLAlchemy URL for SQLite or PostgreSQL; default: a temporary SQLite file.",
    ),
    PROFILE,
    SWITCHES,
    option(
        "--request-timeout",
        default=60.0,
        show_default=True,
        metavar="SECONDS",
        type=click.FloatRange(0, min_open=True),
        help="How long a client may take to send a request; then its connection is closed.",
    ),
    option(
        "--control-key",
        metavar="KEY",
        help="Let other machines use /_mock and the console, by the header X-Mock-Bitrix-Key.",
    ),
    option(
        "--allow-delivery-to",
        multiple=True,
        metavar="HOST",
        type=ListedText(),
        help="Also call handlers on this host, beside loopback and private addresses. Repeatable.",
    ),
    option(
        "--delivery-timeout",
        default=10.0,
        show_default=True,
        metavar="SECONDS",
        type=click.FloatRange(0, min_open=True),
        help="How long a handler may take to answer.",
    ),
    option(
        "--delivery-insecure",
        is_flag=True,
        help="Call https handlers without checking their certificates.",
    ),
    option(
        "--log",
        default="text",
        show_default=True,
        type=click.Choice(["text", "json"]),
        help="How each call is told on standard error: a line for people, an object for programs.",
    ),
    option(
        "--quiet",
        is_flag=True,
        help="Tell only the address and what goes wrong: no tokens at the start, no calls.",
    ),
]


def serve_options(function: F) -> F:
    """The options of `serve`, which other commands take too."""
    for decorate in reversed(SERVE_OPTIONS):
        function = decorate(function)
    return function


URL = option("--url", default=DEFAULT_URL, show_default=True, help="Address of the server.")
