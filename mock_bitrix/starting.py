"""From options to an emulator that is ready to serve."""

from __future__ import annotations

import contextlib
import json
import shlex
from collections.abc import Callable, Iterator

from mock_bitrix.emulator import Emulator
from mock_bitrix.portal import start
from mock_bitrix.portal.erasing import erase_all
from mock_bitrix.profiles import UnknownSwitch, switches_of
from mock_bitrix.rest import methods
from mock_bitrix.settings import SettingError, Settings
from mock_bitrix.storage.database import StorageError
from mock_bitrix.storage.opening import open_database
from mock_bitrix.tls.files import authority_file

__all__ = ["introduction", "joined", "methods", "started"]

Say = Callable[[str], None]
Progress = Callable[[int, int], None]

EXAMPLE = {
    "filter": {"=MESSAGE_ID": 1, "=EVENT_NAME": "ONCRMLEADADD", ">=ID": 1},
    "auth_connector": "BxTest",
}


@contextlib.contextmanager
def started(
    settings: Settings, url: str, say: Say, progress: Progress | None = None
) -> Iterator[Emulator]:
    """An emulator on the database at `url`, with its profile and its portals.

    `progress` is told how many bytes of JSON Lines, of how many, are loaded. Raises `SettingError`
    for whatever in the settings can't be; then nothing has been loaded.
    """
    try:
        switches_of(settings.profile, settings.switches)
    except UnknownSwitch as error:
        raise SettingError(str(error)) from error
    with joined(settings, url) as emulator:
        _prepare(emulator, settings, say, progress)
        _warn(emulator, settings, say)
        yield emulator


@contextlib.contextmanager
def joined(settings: Settings, url: str) -> Iterator[Emulator]:
    """An emulator on a database that another process has prepared."""
    try:
        database = open_database(url, durable=settings.database is not None)
    except StorageError as error:
        raise SettingError(str(error)) from error
    try:
        yield Emulator(database, settings)
    finally:
        database.close()


def _warn(emulator: Emulator, settings: Settings, say: Say) -> None:
    if emulator.default_switches().https == "required" and not settings.https:
        say(
            "webhooks must be called by https, and this server speaks http only: add --tls, "
            "--tls-port or --proxy-port, or --set https=optional"
        )


def _prepare(emulator: Emulator, settings: Settings, say: Say, progress: Progress | None) -> None:
    """Profile and portals, in one transaction: of two processes at once, one does it."""
    from mock_bitrix.fixture.files import FixtureError

    try:
        with emulator.database.transaction():
            if settings.fresh:
                erase_all(emulator)
            _choose_profile(emulator, settings, say)
            _load(emulator, settings, say, progress)
    except (FixtureError, StorageError) as error:
        raise SettingError(str(error)) from error


def _choose_profile(emulator: Emulator, settings: Settings, say: Say) -> None:
    """The first process on a database decides; later ones say so where they differ."""
    wanted = {"profile": settings.profile, "set": dict(settings.switches)}
    stored = emulator.stored("profile")
    if stored is None:
        emulator.choose_profile(settings.profile, settings.switches)
    elif stored != wanted:
        say(f"the database keeps the profile that it was started with: {_shown(stored)}")


def _shown(profile: dict[str, object]) -> str:
    switches = profile["set"]
    assert isinstance(switches, dict)
    return " ".join([str(profile["profile"]), *(f"{k}={v}" for k, v in switches.items())])


def _load(emulator: Emulator, settings: Settings, say: Say, progress: Progress | None) -> None:
    from mock_bitrix.fixture.files import demo_path
    from mock_bitrix.fixture.loading import load_paths

    paths = list(settings.fixtures)
    before = {portal.id for portal in emulator.directory.revised().portals()}
    if not paths and not before:
        paths = [str(demo_path())]
    for loaded in load_paths(emulator.database, paths, progress=progress):
        if loaded.already_there:
            say(f"portal {loaded.domain} is in the database already and stays as it is")
    after = {portal.id for portal in emulator.directory.revised().portals()}
    start.keep(emulator.database, after - before)


def introduction(emulator: Emulator, url: str) -> Iterator[str]:
    """What a person needs to begin: portals, tokens, a line to paste."""
    directory = emulator.directory.revised()
    for portal in directory.portals()[:10]:
        yield f"portal {portal.domain}"
        for application, token in directory.some_tokens(portal):
            user = directory.user(portal, token.user_id)
            kind = "administrator" if user and user.admin else "user"
            yield f"  {application.client_id}  token {token.access_token}  ({kind} {token.user_id})"
        for webhook in directory.webhooks(portal)[:5]:
            yield f"  webhook {url}/rest/{webhook.user_id}/{webhook.secret}/"
    yield "try"
    yield "  " + curl(url, _any_token(emulator))


def _any_token(emulator: Emulator) -> str:
    directory = emulator.directory
    for portal in directory.portals():
        for _, token in directory.some_tokens(portal):
            return token.access_token
    return "TOKEN"


def curl(url: str, token: str) -> str:
    """The documentation's own example, for this server."""
    body = shlex.quote(json.dumps({**EXAMPLE, "auth": token}))
    trust = f"--cacert {shlex.quote(str(authority_file()))} " if url.startswith("https") else ""
    return f"curl {trust}-H 'Content-Type: application/json' -d {body} {url}/rest/event.offline.get"
