"""`mock-bitrix generate`."""

from __future__ import annotations

import contextlib
import json
import re
import sys
from collections.abc import Iterator

import click

from mock_bitrix.cli.options import URL, option
from mock_bitrix.generate.access import Access, access_of
from mock_bitrix.generate.client import Client
from mock_bitrix.generate.mixes import MIXES
from mock_bitrix.generate.sending import Report, paced, send
from mock_bitrix.generate.stream import Step, steps
from mock_bitrix.settings import SettingError

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}


def _seconds(_context: click.Context, given_to: click.Parameter, given: str) -> float:
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([smh]?)", given)
    if found is None:
        wanted = "expected a number with s, m or h, such as 10m"
        raise click.BadParameter(f"{given!r}: {wanted}", param=given_to)
    return float(found[1]) * _UNITS[found[2]]


@click.command()
@URL
@option("--portal", default="default", show_default=True, help="member_id of the portal.")
@option(
    "--rate",
    default=50.0,
    show_default=True,
    type=click.FloatRange(0, min_open=True),
    help="Changes a second, on average.",
)
@option(
    "--for",
    "duration",
    default="10m",
    show_default=True,
    metavar="TIME",
    callback=_seconds,
    help="How long: seconds, or with s, m or h.",
)
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
    if mix not in MIXES:
        raise SettingError(f"mix {mix!r}: expected {' or '.join(MIXES)}")
    with _connected(url) as client:
        access = access_of(client, portal, control_key)
        report = _sent(client, access, steps(MIXES[mix], rate, seed), duration)
    _show(report, as_json=as_json)


@contextlib.contextmanager
def _connected(url: str) -> Iterator[Client]:
    from mock_bitrix.events.trust import context

    client = Client(url, context(insecure=False) if url.startswith("https:") else None)
    try:
        yield client
    except OSError as error:
        raise SettingError(f"the server at {url} is gone: {error}") from error
    finally:
        client.close()


def _sent(client: Client, access: Access, stream: Iterator[Step], duration: float) -> Report:
    """What has been done when the time is over, or when somebody has had enough."""
    report = Report()
    with contextlib.suppress(KeyboardInterrupt):
        for report in send(client, access, paced(stream, duration)):
            _show_progress(report, duration)
    return report


def _show_progress(report: Report, duration: float) -> None:
    """A line that is written over, on a terminal, now and then."""
    done = report.made.total()
    if sys.stderr.isatty() and done % 10 == 0:
        click.echo(
            f"\r{report.seconds:.0f} s of {duration:.0f} s, {done} changes", err=True, nl=False
        )


def _show(report: Report, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(report.as_json()))
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
