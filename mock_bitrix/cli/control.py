"""Commands that drive a running server through its control API."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import click

from mock_bitrix.cli.options import URL, option
from mock_bitrix.cli.tables import shown_time, table
from mock_bitrix.settings import SettingError
from mock_bitrix.testing.control import (
    Control,
    ControlError,
    NothingBound,
    NotReachable,
    PortalControl,
)

Json = Any

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
PORTAL = option(
    "--portal", default="default", show_default=True, help="member_id of the portal, or default."
)
CLIENT = click.option("--client-id", help="Only of this application.")
CONNECTOR = click.option("--connector", help="Only under this auth_connector.")
WRONG_USE = (404, 409, 415, 422)
"""Statuses that say that something given was wrong."""


def driving(function: Callable[..., object]) -> Callable[..., None]:
    """A command that gets `portal`, a `PortalControl`, and ends with one line where it fails."""

    @functools.wraps(function)
    def command(url: str, portal: str, **options: Any) -> None:
        with_errors(lambda: function(Control(url).portal(portal), **options))

    return URL(PORTAL(command))


def with_errors(do: Callable[[], object]) -> None:
    """Do something; a refusal is one line, and exit status 2 where what was given was wrong."""
    try:
        do()
    except ControlError as error:
        if error.status in WRONG_USE:
            raise SettingError(str(error)) from error
        _end(str(error))
    except (NotReachable, NothingBound) as error:
        _end(str(error))


def _end(problem: str) -> None:
    click.echo(f"mock-bitrix: {problem}", err=True)
    sys.exit(1)


def _out(value: Json, lines: Iterable[str], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))
        return
    for line in lines:
        click.echo(line)


@click.command()
@click.argument("event")
@click.option("--data", help="What it carries, as JSON; default: the documented sample.")
@click.option("--user", default=0, help="The user who causes it; 0: nobody.")
@click.option("--client-id", help="The application that causes it.")
@click.option("--connector", default="", help="The auth_connector under which it does.")
@AS_JSON
@driving
def emit(
    portal: PortalControl,
    event: str,
    *,
    data: str | None,
    user: int,
    client_id: str | None,
    connector: str,
    as_json: bool,
) -> None:
    """Let a change happen in the portal: EVENT goes to everyone who has bound it."""
    carried = {} if data is None else {"data": _parsed("--data", data)}
    happened = portal.emit(
        event, user_id=user, client_id=client_id, auth_connector=connector, **carried
    )
    _out(happened, _happened(happened), as_json=as_json)


def _happened(happened: Mapping[str, list[dict[str, Json]]]) -> Iterable[str]:
    for each in happened["queued"]:
        verb = "refreshed" if each["refreshed"] else "queued"
        yield f"{verb}  {each['client_id']}  {each['auth_connector']}  id {each['id']}"
    for each in happened["delivered"]:
        yield f"delivered  {each['client_id']}  {each['handler']}"
    for each in happened["skipped"]:
        yield f"skipped  {each['client_id']}  {each['auth_connector']}  {each['reason']}"


@click.command()
@CLIENT
@CONNECTOR
@click.option("--state", type=click.Choice(["free", "reserved", "error"]))
@click.option("--empty", is_flag=True, help="Delete the rows instead of showing them.")
@AS_JSON
@driving
def queue(
    portal: PortalControl,
    *,
    client_id: str | None,
    connector: str | None,
    state: Literal["free", "reserved", "error"] | None,
    empty: bool,
    as_json: bool,
) -> None:
    """Show the rows of the portal's queues, in whatever state."""
    if empty:
        gone = portal.empty(client_id=client_id, auth_connector=connector, state=state)
        _out({"deleted": gone}, [f"{gone} rows deleted"], as_json=as_json)
        return
    rows = portal.queue(client_id=client_id, auth_connector=connector, state=state)
    columns = ("id", "client_id", "auth_connector", "event", "data", "state", "process_id", "age")
    _out(rows, table(columns, rows), as_json=as_json)


@click.command()
@click.option("--method", default="*", help="Pattern of method names.")
@click.option("--since", type=int, help="Only calls with a greater id.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@AS_JSON
@driving
def calls(
    portal: PortalControl, *, method: str, since: int | None, limit: int, as_json: bool
) -> None:
    """Show the last calls to the portal, with hints."""
    found = portal.calls(method, since=since, limit=limit)
    _out(found, _called(found), as_json=as_json)


def _called(calls: Iterable[Mapping[str, Json]]) -> Iterable[str]:
    for each in calls:
        caller = each["caller"] or {}
        who = caller.get("client_id") or ("webhook" if caller else "-")
        taken = "" if each["taken"] is None else f"  took {each['taken']}"
        status = each["status"] or each["fault"] or "-"
        yield f"{shown_time(each['at'])}  {status}  {each['method']}  {who}{taken}"
        yield from (f"    hint: {hint}" for hint in each["hints"])


@click.command()
@click.option("--advance", type=float, metavar="SECONDS", help="Move on; negative: back.")
@click.option(
    "--freeze", metavar="TIME", help="Stand still at a time such as 2026-01-02T10:00:00+03:00."
)
@click.option("--stop", is_flag=True, help="Stand still now.")
@click.option("--resume", is_flag=True, help="Run on from where it stands.")
@AS_JSON
@driving
def clock(
    portal: PortalControl,
    *,
    advance: float | None,
    freeze: str | None,
    stop: bool,
    resume: bool,
    as_json: bool,
) -> None:
    """Show the portal's clock, or move, stop and start it."""
    if sum([advance is not None, freeze is not None, stop, resume]) > 1:
        raise SettingError("clock: expected one of --advance, --freeze, --stop and --resume")
    if advance is not None:
        now = portal.advance(advance)
    elif freeze is not None or stop:
        now = portal.freeze(freeze)
    else:
        now = portal.resume() if resume else portal.clock()
    _out(now, [f"{now['now']}{'  frozen' if now['frozen'] else ''}"], as_json=as_json)


@click.command()
@click.argument("fault", required=False)
@click.option("--method", default="*", show_default=True, help="Pattern of method names.")
@click.option("--times", type=click.IntRange(1), help="How often; default: until taken back.")
@click.option("--probability", type=click.FloatRange(0, 1), default=1.0, show_default=True)
@click.option("--delay", type=click.FloatRange(0), help="Seconds before it; slow alone: 1.")
@click.option("--after", is_flag=True, help="The effect happens, the answer is lost.")
@click.option("--remove", type=int, metavar="ID", help="Take one fault back.")
@click.option("--clear", is_flag=True, help="Take all faults back.")
@AS_JSON
@driving
def faults(
    portal: PortalControl,
    *,
    fault: str | None,
    remove: int | None,
    clear: bool,
    as_json: bool,
    after: bool,
    **order: Any,
) -> None:
    """Show the portal's faults, or let it fail: FAULT is a code of the error table, or slow,
    drop_connection, malformed_body, html_error_page.
    """
    if fault is not None:
        portal.add_fault(fault, when="after" if after else "before", **order)
    if remove is not None:
        portal.remove_fault(remove)
    if clear:
        portal.clear_faults()
    found = portal.faults()
    columns = ("id", "fault", "method", "when", "times", "struck", "probability", "delay")
    _out(found, table(columns, found), as_json=as_json)


@click.command()
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path))
@AS_JSON
@driving
def snapshot(portal: PortalControl, *, output: Path | None, as_json: bool) -> None:
    """Write the portal as a fixture document: YAML, or JSON by --json or the file's name."""
    import yaml

    document = portal.snapshot()
    if as_json or (output and output.suffix == ".json"):
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    else:
        text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SettingError(f"{output}: can't be written: {error.strerror}") from error


@click.command()
@URL
def reset(url: str) -> None:
    """Put everything back to the start documents, hidden state included."""
    with_errors(Control(url).reset)


def _parsed(name: str, text: str) -> Json:
    try:
        return json.loads(text)
    except ValueError as error:
        raise SettingError(f"{name}: is no JSON: {error}") from error
