"""No token, secret, key, password or code shows in any log, at any level, on any path."""

from __future__ import annotations

import json
import re
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.cli.program import within
from tests.events.handlers import Handler, raw_handler
from tests.log import secrets
from tests.log.deeds import DEEDS, World
from tests.log.secrets import HANDLER, KEY, MARK, PASSWORD, document
from tests.log.serving import Told

LOUD = [sys.executable, "-m", "tests.log.loud"]


@dataclass(frozen=True)
class Aftermath:
    """What was told while everything was done."""

    introduced: str
    out: str
    err: str
    journal: str
    handed_out: set[str]


@contextmanager
def closed_port() -> Iterator[int]:
    """A port that refuses connections: bound, so that nobody else listens there meanwhile."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield int(bound.getsockname()[1])


def garbage(connection: socket.socket) -> None:
    with connection:
        connection.recv(65536)
        connection.sendall(f"no HTTP {secrets.ACCESS}\r\n\r\n".encode())


@pytest.fixture(scope="module", params=["json", "loud"])
def aftermath(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Aftermath]:
    """A server full of secrets, after all deeds."""
    home = tmp_path_factory.mktemp("home")
    database, fixture = home / "portal.sqlite", home / "portal.json"
    form = "json" if request.param == "json" else "text"
    options = ["--port", "0", "--proxy-port", "0", "--database", f"sqlite:///{database}"]
    options += ["--fixtures", str(fixture), "--log", form]
    command = LOUD if request.param == "loud" else [sys.executable, "-m", "mock_bitrix"]
    with Handler(500) as failing, raw_handler(garbage) as broken, closed_port() as closed:
        dead = f"http://user:{HANDLER}@127.0.0.1:{closed}/{HANDLER}?k={HANDLER}"
        explosive = f"{failing.url}/explode"
        handlers = [f"{failing.url}?k={HANDLER}", broken, dead, explosive]
        fixture.write_text(json.dumps(document(handlers)))
        with Told(home, "serve", *options, start=command, MOCK_BITRIX_CONTROL_KEY=KEY) as server:
            url = server.url
            introduced = server.wait("out", "curl ")
            proxy = introduced.partition("proxy on ")[2].split()[0]
            with httpx.Client(trust_env=False) as http:
                world = World(url, proxy, str(database), http)
                for deed in DEEDS.values():
                    deed(world)
                for failure in ("Connection refused", "answer is no HTTP"):
                    server.wait("err", failure)
                time.sleep(0.5)  # other deliveries, and what fails in the background
                journal = "".join(
                    world.call(f"/_mock/portals/default/{each}").text
                    for each in ("calls", "deliveries")
                )
            assert server.end() == 0
            yield Aftermath(introduced, server.out, server.err, journal, world.handed_out)


def test_no_secret_is_in_the_log(aftermath: Aftermath) -> None:
    assert [line for line in aftermath.err.splitlines() if MARK in line] == []
    assert [each for each in aftermath.handed_out if each in aftermath.err] == []
    assert [line for line in aftermath.err.splitlines() if HANDLER in line] == []


def test_standard_output_has_what_whoever_starts_the_server_needs_and_no_more(
    aftermath: Aftermath,
) -> None:
    assert aftermath.out == aftermath.introduced
    assert KEY not in aftermath.out
    assert secrets.CLIENT_SECRET not in aftermath.out


def test_no_secret_of_the_portal_is_in_the_journal(aftermath: Aftermath) -> None:
    known = [value for name, value in vars(secrets).items() if name.isupper() and name != "MARK"]
    own = [each for each in known if each not in (secrets.FOREIGN, HANDLER)]

    assert [each for each in [*own, *aftermath.handed_out] if each in aftermath.journal] == []


def test_everything_was_done(aftermath: Aftermath) -> None:
    """What isn't told could not show a secret either."""
    assert len(aftermath.handed_out) >= 5
    for told in ("INVALID_CREDENTIALS", "invalid_grant", "expired_token", "oauth/token", "413"):
        assert told in aftermath.err
    for told in ("no such table: tokens", "Connection refused", "answer is no HTTP"):
        assert told in aftermath.err
    assert "foreign.test is neither an emulated portal" in aftermath.err
    assert "event.offline.get" in aftermath.journal


@pytest.mark.parametrize("aftermath", ["loud"], indirect=True)
def test_mistakes_of_ours_are_told_by_kind_and_place(aftermath: Aftermath) -> None:
    for place in ("fail_call", "_explode", "_never_awaited", "_fails", "_sort", "__del__"):
        assert re.search(rf"RuntimeError at .*{place}", aftermath.err), place
    assert "ValueError" in aftermath.err  # of the thread
    assert "the database failed: duplicate key value" in aftermath.err


URLS = [
    "postgresql+psycopg://user:{}@127.0.0.1:1/db",
    "postgresql+psycopg://user:{}@@127.0.0.1:1/db",
    "postgresql+psycopg://user:a/{}@127.0.0.1:1/db",
    "postgresql+psycopg://user:a@{}@127.0.0.1:1/db",
    "postgresql+psycopg://user:{}@127.0.0.1:port/db",
    "postgresql+psycopg://127.0.0.1:1/db?password={}",
    "postgresql+psycopg://127.0.0.1:1/db?sslpassword={}&nonsense=1",
    "postgresql+psycopg://user:{}@/db?mode=memory",
    "postgresql+nonsense://user:{}@host/db",
    "mysql://user:{}@host/db",
    "user:{}@host",
    "//user:{}@host/db",
    "sqlite://user:{}@host/db",
]


@pytest.mark.parametrize("url", URLS)
def test_no_password_of_a_database_that_can_t_be_had_is_told(url: str) -> None:
    ended = within("serve", "--port", "0", "--database", url.format(PASSWORD))

    assert ended.exit_code == 2
    assert PASSWORD not in ended.stdout + ended.stderr
    assert ended.stderr.startswith("mock-bitrix: ")


FIXTURES = {
    "a secret that is none": '{"webhooks": [{"user": 1, "secret": "%s ?"}]}',
    "a token that is no text": '{"apps": [{"tokens": [{"user": 1, "access_token": ["%s"]}]}]}',
    "twice the same": '{"webhooks": [{"user": 1, "secret": "%s"}, {"user": 1, "secret": "%s"}]}',
    "cut short": '{"webhooks": [{"secret": "%s',
}


@pytest.mark.parametrize("text", FIXTURES.values(), ids=FIXTURES)
@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_a_wrong_fixture_file_is_refused_without_its_secrets(
    tmp_path: Path, text: str, kind: str
) -> None:
    file = tmp_path / f"wrong.{kind}"
    file.write_text(text.replace("%s", secrets.WEBHOOK))

    ended = within("serve", "--port", "0", "--fixtures", str(file))

    assert ended.exit_code == 2
    assert file.name in ended.stderr
    assert MARK not in ended.stdout + ended.stderr


def test_a_start_that_crashes_tells_kind_and_place(home: Path) -> None:
    with Told(home, "serve", "--port", "0", "--crash", start=LOUD) as server:
        assert server.process.wait(30) == 70

        assert re.search("mock-bitrix: a bug: RuntimeError at log/loud.py", server.err)
        assert MARK not in server.out + server.err
