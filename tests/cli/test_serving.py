"""`mock-bitrix serve` as a process."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

import httpx
import pytest

from tests.cli.program import Serving, within


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_in_spite_of_idle_connections(home: Path, number: int) -> None:
    with Serving(home) as serving, httpx.Client(trust_env=False) as client:
        assert serving.ready.startswith("mock-bitrix ready on http://127.0.0.1:")
        assert client.get(f"{serving.url}/_mock/health").status_code == 200

        status, complaints = serving.end(number)

        assert (status, complaints) == (0, "")
        assert list(serving.temporary.iterdir()) == []


def test_workers_share_the_port_and_the_database(home: Path) -> None:
    with Serving(home, "--workers", "2", "--quiet") as serving:
        answers = [
            httpx.get(f"{serving.url}/rest/profile?auth=demo.admin.token", trust_env=False)
            for _ in range(10)
        ]
        status, complaints = serving.end(signal.SIGTERM)

        assert [answer.status_code for answer in answers] == [200] * 10
        assert (status, complaints) == (0, "")
        assert list(serving.temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--public-url", "portal.example"], "--public-url portal.example: expected http://HOST"),
        (["--public-url", "https://a.example/path"], "and no path"),
        (["--proxy-pass", "a.example"], "it needs --proxy-port"),
        (["--proxy-port", "0", "--proxy-pass", "https://a.example"], "the name of a host"),
        (["--auth-host", "https://a.example/oauth"], "the name of a host"),
        (["--database", "sqlite://"], "a database in memory"),
        (["--database", "mysql://host/db"], "mysql://host/db"),
        (["--set", "https=never"], "expected optional, required"),
        (["--fixtures", "nowhere.yaml"], "nowhere.yaml"),
        (["--host", "no.such.host.invalid"], "can't listen on no.such.host.invalid"),
    ],
)
def test_what_can_t_be_ends_with_one_line(arguments: list[str], complaint: str) -> None:
    ended = within("serve", "--port", "0", *arguments)

    assert ended.exit_code == 2
    assert complaint in ended.stderr
    assert ended.stderr.startswith("mock-bitrix: ")
    assert ended.stderr.count("\n") == 1
    assert ended.stdout == ""


def test_a_taken_port_is_seen_before_the_database_is_touched(tmp_path: Path) -> None:
    database = tmp_path / "kept.sqlite"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        ended = within("serve", "--port", port, "--database", f"sqlite:///{database}")

    assert ended.exit_code == 2
    assert f"can't listen on 127.0.0.1 port {port}" in ended.stderr
    assert not database.exists()


def test_every_option_is_a_variable_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCK_BITRIX_PUBLIC_URL", "nonsense")

    ended = within("serve", "--host", "no.such.host.invalid")  # which is seen later

    assert ended.exit_code == 2
    assert "--public-url nonsense" in ended.stderr


def test_profile_cloud_without_https_says_so(home: Path) -> None:
    with Serving(home, "--profile", "cloud") as serving:
        _, complaints = serving.end(signal.SIGTERM)

    assert "webhooks must be called by https" in complaints
