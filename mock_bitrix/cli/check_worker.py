"""`mock-bitrix check-worker`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from mock_bitrix import signals
from mock_bitrix.cli.environment import variables
from mock_bitrix.cli.options import (
    PROFILE,
    PROXY_PORT,
    SWITCHES,
    TLS,
    ListedText,
    option,
)
from mock_bitrix.cli.running import WithCommand
from mock_bitrix.settings import SettingError

INTERRUPTED = 130
"""Exit status when somebody has had enough."""

EVENTS = ("ONCRMLEADADD", "ONCRMLEADUPDATE")


def _shows_histories(context: click.Context, _parameter: click.Parameter, given: bool) -> None:
    """`--list`, which needs no command."""
    if given and not context.resilient_parsing:
        from mock_bitrix.check.histories import HISTORIES

        for history in HISTORIES:
            click.echo(f"{history.name:<28}{history.about}")
        context.exit()


def _seconds(name: str, default: float, about: str) -> Callable[[Any], Any]:
    return option(
        name,
        default=default,
        show_default=True,
        metavar="SECONDS",
        type=click.FloatRange(0, min_open=True),
        help=about,
    )


@click.command(cls=WithCommand, options_metavar="[OPTIONS] -- COMMAND…")
@option("--connector", default="", help="The auth_connector that the worker takes under.")
@option(
    "--event",
    "events",
    multiple=True,
    type=ListedText(),
    default=EVENTS,
    show_default=True,
    help="An event that the worker understands. Repeatable.",
)
@option(
    "--history",
    "histories",
    multiple=True,
    type=ListedText(),
    help="Play this history only. Repeatable.",
)
@click.option(
    "--list",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_shows_histories,
    help="Show the histories, and end.",
)
@option("--seed", default="1", show_default=True, help="The same seed gives the same histories.")
@_seconds("--timeout", 30.0, "How long a history may take.")
@_seconds("--settle", 3.0, "How long nothing may move before a history counts as over.")
@_seconds("--grace", 5.0, "How long the worker may take to end when it is asked to.")
@option(
    "--junit",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the report to this file, as JUnit's XML.",
)
@click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
@PROFILE
@SWITCHES
@TLS
@PROXY_PORT
@click.pass_context
def check_worker(
    context: click.Context,
    /,
    *,
    junit: Path | None,
    as_json: bool,
    profile: str,
    switches: dict[str, str],
    tls: bool,
    proxy_port: int | None,
    **options: Any,
) -> None:
    """Run a worker through hard histories, and report what it lost, did twice, or left.

    COMMAND is started for each history, on a portal of its own, with address and tokens in the
    variables that `env` prints; when it ends, it is started again. Exit status 1: something was
    found.
    """
    from mock_bitrix.testing import MockBitrix

    _, command = context.obj
    if junit and not junit.parent.is_dir():
        raise SettingError(f"--junit {junit}: there is no directory {junit.parent}")
    server = MockBitrix(profile=profile, switches=switches, tls=tls, proxy_port=proxy_port)
    try:
        with signals.ending_cleanly(), server:
            clients = {v.name: v.value for v in variables(server.url)}
            others = {k: v for k, v in clients.items() if not k.startswith("MOCK_BITRIX_")}
            ok = _checked(
                server, _plan(context, command, others, **options), junit, as_json=as_json
            )
    except (SystemExit, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    sys.exit(0 if ok else 1)


def _plan(
    context: click.Context,
    command: Sequence[str],
    variables: Mapping[str, str],
    **options: Any,
) -> Any:
    from mock_bitrix.check import changes
    from mock_bitrix.check.processes import runnable
    from mock_bitrix.check.running import Plan
    from mock_bitrix.check.stage import Patience

    return Plan(
        runnable(command),
        _histories(options["histories"]),
        changes.checked(options["events"]),
        options["connector"],
        options["seed"],
        Patience(options["timeout"], options["settle"], options["grace"]),
        variables,
        _given(context),
    )


def _histories(names: Sequence[str]) -> list[Any]:
    from mock_bitrix.check.histories import HISTORIES
    from mock_bitrix.portal.paths import hint

    known = {history.name: history for history in HISTORIES}
    for name in names:
        if name not in known:
            raise SettingError(f"--history {name}: there is none{hint(name, list(known))}")
    return [known[name] for name in known if not names or name in names]


def _given(context: click.Context) -> list[str]:
    """The options that were given, but for those that choose a history and a report."""
    others = ("--history", "--seed", "--junit", "--json")
    given, arguments = [], iter(context.obj[0])
    for argument in arguments:
        name, equals, _ = argument.partition("=")
        if name not in others:
            given.append(argument)
        elif not equals and name != "--json":
            next(arguments, None)
    return given


def _checked(server: Any, plan: Any, junit: Path | None, *, as_json: bool) -> bool:
    """Play and report; whether nothing was found."""
    from mock_bitrix.check import reporting
    from mock_bitrix.check.running import play

    all_played = []
    for played in play(server, plan):
        all_played.append(played)
        if not as_json:
            click.echo(reporting.headline(played))
    failed = [played for played in all_played if played.findings]
    if as_json:
        click.echo(json.dumps(reporting.as_json(plan, all_played), ensure_ascii=False, indent=2))
    else:
        for played in failed:
            click.echo("\n" + "\n".join(reporting.details(plan, played)))
        click.echo(f"\n{len(failed)} of {len(all_played)} histories failed, seed {plan.seed}")
    if junit:
        _write(junit, reporting.as_junit(plan, all_played))
    return not failed


def _write(file: Path, report: bytes) -> None:
    try:
        file.write_bytes(report)
    except OSError as error:
        raise SettingError(f"--junit {file}: can't be written: {error.strerror}") from error
