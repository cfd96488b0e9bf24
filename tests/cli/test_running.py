"""`mock-bitrix run -- COMMAND`, `env` and `ca`."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import PATIENCE, Serving, command, environment, finished, within

CALLS = """
import json, os, ssl, sys
from urllib.request import urlopen

def get(url):
    with urlopen(url) as answer:
        return json.load(answer)

token = os.environ["MOCK_BITRIX_ACCESS_TOKEN"]
domain = os.environ["MOCK_BITRIX_DOMAIN"]
secrets = "client_id={MOCK_BITRIX_CLIENT_ID}&client_secret={MOCK_BITRIX_CLIENT_SECRET}"
secrets = secrets.format(**os.environ) + "&refresh_token=" + os.environ["MOCK_BITRIX_REFRESH_TOKEN"]
print(json.dumps({
    "direct": get(os.environ["MOCK_BITRIX_CLIENT_ENDPOINT"] + "profile?auth=" + token),
    "webhook": get(os.environ["MOCK_BITRIX_WEBHOOK"] + "profile"),
    "portal": get(f"https://{domain}/rest/profile.json?auth={token}"),
    "oauth": get("https://oauth.bitrix.info/oauth/token/?grant_type=refresh_token&" + secrets),
}))
sys.exit(7)
"""


def test_a_command_reaches_everything_by_its_environment_and_passes_its_status_on(
    home: Path,
) -> None:
    ended = finished(home, "run", "--proxy-port", "0", "--", sys.executable, "-c", CALLS)

    told = json.loads(ended.stdout)
    assert ended.returncode == 7
    assert {told[way]["result"]["ID"] for way in ("direct", "webhook", "portal")} == {"1"}
    assert told["oauth"]["domain"] == "oauth.bitrix.info"
    assert told["oauth"]["server_endpoint"] == "https://oauth.bitrix.info/rest/"
    assert told["oauth"]["client_endpoint"] == "https://demo.bitrix24.test/rest/"
    assert "mock-bitrix ready on" in ended.stderr
    assert " profile " not in ended.stderr  # calls, and what introduces them, where --log asks
    assert "demo.admin.token" not in ended.stderr


def test_a_signal_goes_to_the_command(home: Path) -> None:
    waits = "import signal, sys; signal.signal(15, lambda *_: sys.exit(9)); print(flush=True)"
    running = subprocess.Popen(
        command("run", "--", sys.executable, "-c", waits + "; signal.pause()"),
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with running:
        assert running.stdout is not None
        running.stdout.readline()
        running.send_signal(signal.SIGTERM)
        assert running.wait(PATIENCE) == 9


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["true"], "expected a command after --"),
        (["--port", "x", "--", "true"], "'x' is not a valid integer"),
    ],
)
def test_what_can_t_be_asked_for_says_why(arguments: list[str], complaint: str) -> None:
    ended = within("run", *arguments)

    assert ended.exit_code == 2
    assert complaint in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "complaint"),
    [
        (["--fixtures", "nowhere.yaml", "--", "true"], 2, "nowhere.yaml"),
        (["--", "/no/such/program"], 127, "/no/such/program"),
    ],
)
def test_what_can_t_be_run_says_why(
    home: Path, arguments: list[str], status: int, complaint: str
) -> None:
    ended = finished(home, "run", *arguments)

    assert ended.returncode == status
    assert complaint in ended.stderr
    assert "Traceback" not in ended.stderr


def test_env_points_at_a_running_server(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Serving(home, "--tls-port", "0") as serving:
        told = json.loads(finished(home, "env", "--json", MOCK_BITRIX_URL=serving.url).stdout)
        monkeypatch.setenv("MOCK_BITRIX_HOME", str(home))
        shell = within("env", "--url", serving.url)
        authority = within("ca").stdout.strip()
        monkeypatch.setenv("MOCK_BITRIX_HOME", str(home / "another"))
        elsewhere = within("env", "--url", serving.url)

    assert told["MOCK_BITRIX_URL"] == serving.url
    assert told["MOCK_BITRIX_DOMAIN"] == serving.url.removeprefix("http://")
    assert told["MOCK_BITRIX_CLIENT_ENDPOINT"] == f"{serving.url}/rest/"
    assert told["MOCK_BITRIX_ACCESS_TOKEN"] == "demo.admin.token"
    assert told["MOCK_BITRIX_REFRESH_TOKEN"] == "demo.refresh.token"
    assert told["MOCK_BITRIX_WEBHOOK"] == f"{serving.url}/rest/1/demowebhook/"
    assert told["NODE_EXTRA_CA_CERTS"] == authority
    assert "HTTPS_PROXY" not in told
    assert "export MOCK_BITRIX_CLIENT_ID=local.demo;" in shell.stdout
    assert Path(authority).read_text().startswith("-----BEGIN CERTIFICATE-----")
    assert elsewhere.exit_code == 2
    assert "another certificate authority" in elsewhere.stderr


def test_env_without_a_server_says_so() -> None:
    ended = within("env", "--url", "http://127.0.0.1:1")

    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "no mock-bitrix answers at http://127.0.0.1:1" in ended.stderr


def test_a_server_by_https_is_called_with_the_user_s_own_authority(home: Path) -> None:
    with Serving(home, "--tls") as serving:
        told = json.loads(finished(home, "env", "--json", "--url", serving.url).stdout)
        up = finished(home, "healthcheck", "--url", serving.url)

    assert serving.url.startswith("https://127.0.0.1:")
    assert told["MOCK_BITRIX_CLIENT_ENDPOINT"] == f"{serving.url}/rest/"
    assert (up.returncode, json.loads(up.stdout)["status"]) == (0, "ok")


def test_healthcheck_fails_without_a_server() -> None:
    down = within("healthcheck", "--url", "http://127.0.0.1:1")

    assert (down.exit_code, down.stdout) == (1, "")
    assert "no mock-bitrix answers" in down.stderr
