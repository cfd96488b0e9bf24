"""Commands that need no portal of their own: `schema`, `healthcheck`."""

from __future__ import annotations

import json
import sys

import click

from mock_bitrix.cli.options import URL
from mock_bitrix.testing.transport import ControlError, NotReachable, Transport


@click.command()
def schema() -> None:
    """Print the JSON Schema of the fixture file."""
    from mock_bitrix.fixture.schema import json_schema

    click.echo(json.dumps(json_schema(), indent=2))


@click.command()
@URL
def healthcheck(url: str) -> None:
    """Exit with 0 when the server at --url is up, with 1 when not."""
    try:
        click.echo(json.dumps(Transport(url.rstrip("/")).call("GET", "/health")))
    except (ControlError, NotReachable) as error:
        click.echo(f"mock-bitrix: {error}", err=True)
        sys.exit(1)
