"""Real clients, told by the environment alone, reach the emulator by the vendor's names."""

from __future__ import annotations

import json
import os
import shutil
import ssl
import subprocess
import sys
from typing import Any

import httpx
import pytest

from mock_bitrix.tls.authority import Authority
from mock_bitrix.tls.environment import as_dict, client_environment
from tests.tls.conftest import Emulator

TOKEN_ADDRESS = "https://oauth.bitrix.info/oauth/token/"
SEEN = {"scheme": "https", "host": "oauth.bitrix.info", "path": "/oauth/token/"}


def environment(emulator: Emulator) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        **as_dict(client_environment(emulator.authority, emulator.proxy.port, {})),
    }


def run(emulator: Emulator, *command: str) -> Any:
    """The program's output, read as JSON."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    ran = subprocess.run(
        command, env=environment(emulator), capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_httpx_reaches_the_fixed_authorisation_host(emulator: Emulator) -> None:
    trusting = ssl.create_default_context(cafile=str(emulator.authority.certificate_file))

    with httpx.Client(proxy=emulator.proxy_url, verify=trusting) as client:
        first, second = client.get(TOKEN_ADDRESS), client.get("https://a.bitrix24.test/rest//b/")

    assert first.json() == SEEN
    assert second.json() == {"scheme": "https", "host": "a.bitrix24.test", "path": "/rest//b/"}


def test_requests_reaches_it_by_the_environment(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = pytest.importorskip("requests")
    for name, value in environment(emulator).items():
        monkeypatch.setenv(name, value)

    assert requests.get(TOKEN_ADDRESS, timeout=10).json() == SEEN
    with pytest.raises(requests.exceptions.ProxyError, match=r"403 example\.org is not emulated"):
        requests.get("https://example.org/", timeout=10)


def test_pythons_own_client_reaches_it_by_the_environment(emulator: Emulator) -> None:
    program = (
        f"from urllib.request import urlopen; print(urlopen({TOKEN_ADDRESS!r}).read().decode())"
    )

    assert run(emulator, sys.executable, "-c", program) == SEEN


def test_curl_reaches_it_by_the_environment(emulator: Emulator) -> None:
    assert run(emulator, "curl", "-sS", TOKEN_ADDRESS) == SEEN


def test_node_trusts_it_by_the_environment(emulator: Emulator) -> None:
    address = f"https://localhost:{emulator.listener.port}/oauth/token/"
    program = f"fetch('{address}').then(r => r.text()).then(console.log)"

    assert run(emulator, "node", "-e", program)["scheme"] == "https"


def test_php_reaches_it_by_the_environment(emulator: Emulator) -> None:
    assert run(emulator, "php", "-r", f"curl_exec(curl_init('{TOKEN_ADDRESS}'));") == SEEN


def test_a_foreign_host_is_refused_and_sees_nothing(emulator: Emulator) -> None:
    with (
        httpx.Client(proxy=emulator.proxy_url) as client,
        pytest.raises(httpx.ProxyError, match=r"403 example\.org is not emulated"),
    ):
        client.get("https://example.org/")


def test_through_the_proxy_the_wrong_authority_is_refused_too(
    emulator: Emulator, stranger: Authority
) -> None:
    trusting = ssl.create_default_context(cafile=str(stranger.certificate_file))
    with (
        httpx.Client(proxy=emulator.proxy_url, verify=trusting) as client,
        pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        client.get(TOKEN_ADDRESS)
