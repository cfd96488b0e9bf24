"""`mock-bitrix load`: fixture files into a running server."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from mock_bitrix.cli.control import with_errors
from mock_bitrix.cli.options import URL
from mock_bitrix.settings import SettingError
from mock_bitrix.testing.control import Control, ControlError

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
                with_errors(lambda path=path: _load_lines(control, path))  # type: ignore[misc]
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
        for first, last, rows in _chunks(path):
            for member_id, batch in _by_portal(path, rows, owners).items():
                _send(control, member_id, batch, f"{path}:{first}-{last}")
                sent += len(batch)
            bar.update(rows[-1][1].end - bar.pos)
    click.echo(f"{sent} rows")


def _chunks(path: Path) -> Iterator[tuple[int, int, list[tuple[dict[str, Any], Any]]]]:
    """Rows with their lines, by the thousand, and the numbers of the first and the last line."""
    import orjson

    from mock_bitrix.fixture.lines import parse, read_lines

    rows: list[tuple[dict[str, Any], Any]] = []
    for line in read_lines(str(path)):
        parse(str(path), line)
        rows.append((orjson.loads(line.text), line))
        if len(rows) == CHUNK:
            yield rows[0][1].number, line.number, rows
            rows = []
    if rows:
        yield rows[0][1].number, rows[-1][1].number, rows


def _by_portal(
    path: Path, rows: list[tuple[dict[str, Any], Any]], owners: dict[tuple[str, str | None], str]
) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row, line in rows:
        domain = row.pop("portal", None)
        member_id = owners.get((row["client_id"], domain))
        if not member_id:
            where = f" of {domain}" if domain else ""
            several = "is in several portals" if member_id == "" else "is in no portal"
            raise SettingError(f"{path}:{line.number}: {row['client_id']}{where} {several}")
        found[member_id].append(row)
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


def _send(control: Control, member_id: str, rows: list[dict[str, Any]], place: str) -> None:
    try:
        control.portal(member_id).put(*rows)
    except ControlError as error:
        raise SettingError(f"{place}: {error}") from error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise SettingError(f"{path}: {error.strerror}") from error
