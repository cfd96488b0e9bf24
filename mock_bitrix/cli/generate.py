"""`mock-bitrix generate`."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from mock_bitrix.cli.options import URL, option
from mock_bitrix.settings import SettingError

if TYPE_CHECKING:
    from mock_bitrix.generate.sending import Report

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}


class Duration(click.ParamType[float]):
    """Seconds, or with a unit: 30s, 10m, 2h."""

    name = "duration"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The duration in seconds."""
        found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([smh]?)", str(value))
        if found is None:
            self.fail(f"{value!r}: expected a number with s, m or h, such as 10m", param, ctx)
        return float(found[1]) * _UNITS[found[2]]


@click.command()
@URL
@option("--portal", default="default", show_default=True, help="member_id of the portal.")
@option("--rate", default=50.0, show_default=True, type=click.FloatRange(0, min_open=True))
@option("--for", "duration", default="10m", show_default=True, type=Duration())
@option("--mix", default="busy-crm", show_default=True, help="What happens, and how often.")
@option("--seed", default="1", show_default=True, help="The same seed gives the same changes.")
@option("--control-key", default="", help="The server's control key, where it is not on loopback.")
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
def generate(
    *,
    url: str,
    portal: str,
    rate: float,
    duration: float,
    mix: str,
    seed: str,
    control_key: str,
    as_json: bool,
) -> None:
    """Make a plausible stream of changes in a running portal, --rate a second on average.

    They are made by the portal's first webhook; some of them, the echoes, by its first application
    under the connector of its offline bindings.
    """
    from mock_bitrix.events.trust import context
    from mock_bitrix.generate.access import access_of
    from mock_bitrix.generate.client import Client
    from mock_bitrix.generate.mixes import MIXES
    from mock_bitrix.generate.sending import Report, paced, send
    from mock_bitrix.generate.stream import steps

    if mix not in MIXES:
        raise SettingError(f"mix {mix!r}: expected {' or '.join(MIXES)}")
    client = Client(url, context(insecure=False) if url.startswith("https:") else None)
    access = access_of(client, portal, control_key)
    report = Report()
    try:
        for report in send(client, access, paced(steps(MIXES[mix], rate, seed), duration)):
            _show_progress(report, duration)
    except OSError as error:
        raise SettingError(f"the server at {url} is gone: {error}") from error
    except KeyboardInterrupt:
        pass
    finally:
        client.close()
        _show(report, as_json=as_json)


def _show_progress(report: Report, duration: float) -> None:
    """A line that is written over, on a terminal, now and then."""
    done = report.made.total()
    if sys.stderr.isatty() and done % 10 == 0:
        click.echo(
            f"\r{report.seconds:.0f} s of {duration:.0f} s, {done} changes", err=True, nl=False
        )


def _show(report: Report, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(report)))
        return
    rows = [
        *((f"{action}s", count) for action, count in sorted(report.made.items())),
        ("echoes among them", report.echoes),
        *((f"refused: {code}", count) for code, count in report.refused.items()),
        ("left out", report.left_out),
    ]
    for name, count in rows:
        click.echo(f"{name:<24}{count:>8}")
    click.echo(f"{'seconds':<24}{report.seconds:>8.1f}")
