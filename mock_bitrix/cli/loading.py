"""`mock-bitrix load`: fixture files into a running server."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mock_bitrix.cli.control import with_errors
from mock_bitrix.cli.options import URL
from mock_bitrix.settings import SettingError
from mock_bitrix.testing.control import Control, ControlError

if TYPE_CHECKING:
    from mock_bitrix.fixture.lines import Line

CHUNK = 1000
"""Rows of JSON Lines that are sent at once."""

LINES = (".jsonl", ".ndjson")


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@URL
def load(paths: tuple[Path, ...], url: str) -> None:
    """Load fixture files: documents as new portals, then JSON Lines into their queues.

    A document is loaded whole or not at all, JSON Lines by the thousand.
    """
    from mock_bitrix.fixture.errors import FixtureError

    control = Control(url)
    documents = [path for path in paths if path.suffix.lower() not in LINES]
    try:
        with_errors(lambda: _load_documents(control, documents))
        for path in paths:
            if path.suffix.lower() in LINES:
                with_errors(partial(_load_lines, control, path))
    except FixtureError as error:
        raise SettingError(str(error)) from error


def _load_documents(control: Control, paths: list[Path]) -> None:
    from mock_bitrix.fixture.files import read_document
    from mock_bitrix.portal.loading import dumped

    for path, document in [(path, dumped(read_document(path))) for path in paths]:
        try:
            portal = control.create(document).document["portal"]
        except ControlError as error:
            raise SettingError(f"{path}: {error}") from error
        click.echo(f"portal {portal['domain']}  {portal['client_endpoint']}")


def _load_lines(control: Control, path: Path) -> None:
    owners = _owners(control)
    sent = 0
    with click.progressbar(length=_size(path), label=str(path)) as bar:
        for rows in _chunks(path):
            for member_id, batch in _by_portal(path, rows, owners).items():
                _send(control, member_id, path, batch)
                sent += len(batch)
            bar.update(rows[-1][1].end - bar.pos)
    click.echo(f"{sent} rows")


Rows = list[tuple[dict[str, Any], "Line"]]
"""Rows, each with the line that it comes from."""


def _chunks(path: Path) -> Iterator[Rows]:
    """The rows of a file, by the thousand."""
    import orjson

    from mock_bitrix.fixture.lines import parse, read_lines

    rows: Rows = []
    for line in read_lines(str(path)):
        parse(str(path), line)
        rows.append((orjson.loads(line.text), line))
        if len(rows) == CHUNK:
            yield rows
            rows = []
    if rows:
        yield rows


def _by_portal(
    path: Path, rows: Rows, owners: dict[tuple[str, str | None], str]
) -> dict[str, Rows]:
    found: dict[str, Rows] = defaultdict(list)
    for row, line in rows:
        domain = row.pop("portal", None)
        member_id = owners.get((row["client_id"], domain))
        if not member_id:
            where = f" of {domain}" if domain else ""
            several = "is in several portals" if member_id == "" else "is in no portal"
            raise SettingError(f"{path}:{line.number}: {row['client_id']}{where} {several}")
        found[member_id].append((row, line))
    return found


def _owners(control: Control) -> dict[tuple[str, str | None], str]:
    """The member_id of each application's portal; empty where it is in several."""
    owners: dict[tuple[str, str | None], str] = {}
    for portal in control.portals():
        for client_id in portal["client_ids"]:
            owners[client_id, portal["domain"]] = portal["member_id"]
            known = (client_id, None) in owners
            owners[client_id, None] = "" if known else portal["member_id"]
    return owners


def _send(control: Control, member_id: str, path: Path, rows: Rows) -> None:
    try:
        control.portal(member_id).put(*(row for row, _ in rows))
    except ControlError as error:
        number, _, where = (error.path or "").removeprefix("[").partition("]")
        line = rows[int(number)][1].number if number.isdecimal() else rows[0][1].number
        inside = f" {where.removeprefix('.')}:" if where else ""
        raise SettingError(f"{path}:{line}:{inside} {error.problem}") from error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise SettingError(f"{path}: {error.strerror}") from error
