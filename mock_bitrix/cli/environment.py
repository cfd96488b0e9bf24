"""`mock-bitrix env` and `mock-bitrix ca`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from mock_bitrix.cli.options import URL
from mock_bitrix.settings import SettingError
from mock_bitrix.testing.transport import ControlError, NotReachable, Transport

if TYPE_CHECKING:
    from mock_bitrix.tls.authority import Authority
    from mock_bitrix.tls.environment import Variable

NAMES = {
    "url": "the server; other mock-bitrix commands and the pytest plugin read it",
    "domain": "for clients that put https:// before it themselves",
    "client_endpoint": "where REST calls go",
    "access_token": "an administrator's",
    "refresh_token": "the one that belongs to it",
    "client_id": "the application",
    "client_secret": "its secret",
    "webhook": "an incoming webhook",
}
"""What the server tells, and what each is for; the variables are named alike."""


@click.command()
@URL
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def env(url: str, *, as_json: bool) -> None:
    """Print shell lines that point a client at the server: eval "$(mock-bitrix env)"."""
    from mock_bitrix.tls.environment import as_dict, as_shell

    found = variables(url)
    click.echo(json.dumps(as_dict(found), indent=2) if as_json else as_shell(found), nl=as_json)


@click.command()
def ca() -> None:
    """Print the path of the certificate that clients must trust for https."""
    click.echo(_authority().certificate_file)


def variables(url: str) -> list[Variable]:
    """What a client's environment needs for the server at `url`. Raises `SettingError`."""
    from mock_bitrix.tls.environment import Variable, client_environment

    told = _told(url)
    found = [
        Variable(f"MOCK_BITRIX_{name.upper()}", told[name], use)
        for name, use in NAMES.items()
        if told.get(name)
    ]
    if told["authority"]:
        proxy = told["proxy_url"]
        found += client_environment(_same(told), urlsplit(proxy).port if proxy else None)
    return found


def _told(url: str) -> Any:
    try:
        return Transport(url.rstrip("/")).call("GET", "/environment")
    except (ControlError, NotReachable) as error:
        raise SettingError(str(error)) from error


def _same(told: dict[str, Any]) -> Authority:
    """This user's authority, if it is the server's, too."""
    authority = _authority()
    if authority.certificate_file.read_text(encoding="ascii") != told["authority"]:
        raise SettingError(
            f"{told['url']} has another certificate authority than {authority.certificate_file}: "
            "set MOCK_BITRIX_HOME to the directory that the server uses"
        )
    return authority


def _authority() -> Authority:
    from mock_bitrix.tls.authority import Authority, AuthorityError

    try:
        return Authority.open()
    except AuthorityError as error:
        raise SettingError(str(error)) from error
