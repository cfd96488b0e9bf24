"""`mock-bitrix run`: a server for the length of one command."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import IO, Any

import click
from click.core import ParameterSource

from mock_bitrix.cli.options import serve_options
from mock_bitrix.settings import Settings

PROGRAM = [sys.executable, "-P", "-m", "mock_bitrix"]
"""This program, wherever it is called: with -P, modules that lie around there don't count."""

TELLING = ("log", "quiet")
"""Options that say what the server tells."""

READY = "mock-bitrix ready on "
PATIENCE = 10.0
"""Seconds that the server has to end before it is killed."""

FORWARDED = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


class WithCommand(click.Command):
    """Takes a command after `--`: `ctx.obj` is what stands before, as it is, and the command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep both parts; options that need no command, such as --help, go without one."""
        before, mark, after = _parted(args)
        alone = {name for each in self.get_params(ctx) if each.is_eager for name in each.opts}
        if not alone & set(before) and not (mark and after):
            usage = f"{ctx.info_name} {self.options_metavar}"
            raise click.UsageError(f"expected a command after --: {usage}", ctx)
        ctx.obj = (before, after)
        return super().parse_args(ctx, [*before])


def _parted(args: list[str]) -> tuple[list[str], bool, list[str]]:
    if "--" not in args:
        return args, False, []
    at = args.index("--")
    return args[:at], True, args[at + 1 :]


@click.command(cls=WithCommand, options_metavar="[OPTIONS] -- COMMAND…")
@serve_options
@click.pass_context
def run(context: click.Context, /, **options: Any) -> None:
    """Start a server, run a command with the environment that `env` prints, pass its status on.

    Takes the options of serve; the port is a free one unless --port names it, and calls are told
    only where --log asks for it.
    """
    Settings(**options)  # says at once what is wrong
    arguments, command = context.obj
    if context.get_parameter_source("port") is ParameterSource.DEFAULT:
        arguments = ["--port", "0", *arguments]
    if all(context.get_parameter_source(name) is ParameterSource.DEFAULT for name in TELLING):
        arguments = ["--quiet", *arguments]  # standard error is the command's
    sys.exit(_run(arguments, command))


def _run(arguments: Sequence[str], command: Sequence[str]) -> int:
    from mock_bitrix.cli.environment import variables
    from mock_bitrix.tls.environment import as_dict

    with _server(arguments) as url:
        environment = os.environ | as_dict(variables(url))
        with _started(command, environment) as running, _forwarding(running):
            status = running.wait()
    return 128 - status if status < 0 else status  # as a shell says it


@contextlib.contextmanager
def _started(
    command: Sequence[str], environment: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    try:
        running = subprocess.Popen(command, env=environment)
    except OSError as error:
        click.echo(f"mock-bitrix: {command[0]}: {error.strerror or error}", err=True)
        sys.exit(127 if isinstance(error, FileNotFoundError) else 126)
    with running:
        yield running


@contextlib.contextmanager
def _server(arguments: Sequence[str]) -> Iterator[str]:
    """A server process of its own; it ends when this one does, however that happens."""
    serve = [*PROGRAM, "serve", "--stop-with-stdin", *arguments]
    # In a group of its own: a Ctrl-C is for the command, which may still need the server then.
    with subprocess.Popen(
        serve, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield _ready(process, process.stdout)
        finally:
            process.stdin.close()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def _ready(process: subprocess.Popen[str], output: IO[str]) -> str:
    for line in output:
        click.echo(line, nl=False, err=True)
        if line.startswith(READY):
            threading.Thread(target=_chatter, args=(output,), daemon=True).start()
            return line.removeprefix(READY).strip()
    sys.exit(process.wait())


def _chatter(output: IO[str]) -> None:
    with contextlib.suppress(ValueError):  # closed at the end
        for line in output:
            click.echo(line, nl=False, err=True)


@contextlib.contextmanager
def _forwarding(running: subprocess.Popen[bytes]) -> Iterator[None]:
    """Inside, signals go to the command; what a terminal sends, it has got already."""

    def forward(number: int, _frame: FrameType | None) -> None:
        if not (number == signal.SIGINT and _in_terminal()):
            with contextlib.suppress(OSError):
                running.send_signal(number)

    before = {number: signal.signal(number, forward) for number in FORWARDED}
    try:
        yield
    finally:
        for number, former in before.items():
            signal.signal(number, former)


def _in_terminal() -> bool:
    """Whether this process stands in the foreground of a terminal, which tells the whole group."""
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (AttributeError, OSError, ValueError):
        return False
