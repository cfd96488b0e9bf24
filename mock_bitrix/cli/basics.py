"""Commands that need no portal of their own: `schema`, `healthcheck`."""

from __future__ import annotations

import json
import sys

import click

from mock_bitrix.cli.options import URL


@click.command()
def schema() -> None:
    """Print the JSON Schema of the fixture file."""
    from mock_bitrix.fixture.schema import json_schema

    click.echo(json.dumps(json_schema(), indent=2))


@click.command()
@URL
def healthcheck(url: str) -> None:
    """Exit with 0 when the server at --url is up, with 1 when not."""
    from urllib.request import urlopen

    try:
        with urlopen(f"{url.rstrip('/')}/_mock/health", timeout=5) as answer:
            click.echo(answer.read().decode())
    except (OSError, ValueError) as error:
        click.echo(f"mock-bitrix: {url} is not up: {error}", err=True)
        sys.exit(1)
