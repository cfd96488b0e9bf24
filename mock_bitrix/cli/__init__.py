"""The command line. A command's module is imported when the command is called."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from mock_bitrix import __version__
from mock_bitrix.settings import SettingError

COMMANDS = {
    "serve": "serving",
    "run": "running",
    "env": "environment",
    "ca": "environment",
    "load": "loading",
    "emit": "control",
    "queue": "control",
    "calls": "control",
    "clock": "control",
    "faults": "control",
    "snapshot": "control",
    "reset": "control",
    "schema": "basics",
    "healthcheck": "basics",
    "generate": "generate",
    "check-worker": "check_worker",
}
"""Each command, and the module here that has it as a function of the same name."""


class _Group(click.Group):
    """Imports commands late; ends with one clear line where something given is wrong."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands' names, as `--help` lists them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with that name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"mock_bitrix.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except SettingError as error:
            click.echo(f"mock-bitrix: {error}", err=True)
            sys.exit(2)
        except (click.exceptions.Exit, click.Abort, click.ClickException):  # click's own
            raise
        except Exception as failure:  # a traceback would show values, and some are secrets
            from mock_bitrix.log.failures import described

            click.echo(f"mock-bitrix: a bug: {described(failure)}", err=True)
            sys.exit(70)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mock-bitrix")
def main() -> None:
    """A Bitrix24 portal on your own machine, for tests and development."""
