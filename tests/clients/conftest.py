"""A server as libraries need it: https, and a proxy that stands in for port 443 and fixed hosts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from mock_bitrix.testing import MockBitrix
from mock_bitrix.tls.authority import Authority
from mock_bitrix.tls.environment import as_dict, client_environment
from tests.support import TestPortal, install_portal


@pytest.fixture(scope="package")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home of the emulator's own files that is gone afterwards."""
    directory = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOCK_BITRIX_HOME", str(directory))
        yield directory


@pytest.fixture(scope="package")
def secure_server(home: Path) -> Iterator[MockBitrix]:
    """A server by http, by https on another port, and behind the proxy."""
    with MockBitrix(tls_port=0, proxy_port=0) as running:
        yield running


@pytest.fixture(scope="package")
def environment(secure_server: MockBitrix) -> dict[str, str]:
    """What `mock-bitrix env` prints of proxy and authority."""
    proxy_url = secure_server.emulator.proxy_url
    assert proxy_url
    port = httpx.URL(proxy_url).port
    return as_dict(client_environment(Authority.open(), port))


@pytest.fixture
def through_proxy(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a user who has called `mock-bitrix env`."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def client_portal(secure_server: MockBitrix, http: httpx.Client) -> TestPortal:
    """A portal of its own for the test, with refresh tokens."""
    tokens = [{"user": 1, "refresh_token": None}, {"user": 2}]
    application = {"scope": ["crm", "task", "user"], "tokens": tokens}
    return install_portal(secure_server, http, {"apps": [application]})
