"""The emulator behind https and the proxy."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from mock_bitrix.portal.model import Token
from mock_bitrix.portal.tokens import Tokens
from mock_bitrix.testing import MockBitrix
from mock_bitrix.tls.authority import Authority
from mock_bitrix.tls.hosts import SCRIPT_HOSTS
from tests.support import install_portal

CREDENTIALS = "client_id=local.demo&client_secret=demosecret"


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MockBitrix, Authority]]:
    """A server with http, https and the proxy, and the authority to trust."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOCK_BITRIX_HOME", str(tmp_path_factory.mktemp("home")))
        with MockBitrix(
            profile="cloud",
            tls_port=0,
            proxy_port=0,
            public_url="https://portal.example:8443",
            auth_host=("oauth.company.example",),
        ) as server:
            yield server, Authority.open()


def issued(server: MockBitrix) -> Token:
    """A token of the demo, as the authorisation server issues it."""
    directory = server.emulator.directory.revised()
    portal = directory.default()
    assert portal is not None
    tokens = Tokens(server.emulator.database, portal)
    return tokens.issue(directory.applications(portal)[0], 1)


@pytest.fixture
def by_proxy(trusting: tuple[MockBitrix, Authority]) -> Iterator[httpx.Client]:
    server, authority = trusting
    context = ssl.create_default_context(cafile=authority.certificate_file)
    proxy = server.emulator.proxy_url
    with httpx.Client(proxy=proxy, verify=context, trust_env=False) as client:
        yield client


@pytest.mark.parametrize("host", ["oauth.bitrix24.tech", "oauth.company.example"])
def test_a_client_of_a_fixed_authorisation_host_gets_tokens(
    by_proxy: httpx.Client, trusting: tuple[MockBitrix, Authority], host: str
) -> None:
    refresh_token = issued(trusting[0]).refresh_token
    asked = f"grant_type=refresh_token&refresh_token={refresh_token}&{CREDENTIALS}"

    told = by_proxy.get(f"https://{host}/oauth/token/?{asked}").json()

    assert (told["domain"], told["server_endpoint"]) == (host, f"https://{host}/rest/")
    assert told["client_endpoint"] == "https://demo.bitrix24.test/rest/"
    called = by_proxy.get(
        told["client_endpoint"] + "profile", params={"auth": told["access_token"]}
    )
    assert called.json()["result"]["ID"] == "1"


def test_an_authorisation_host_by_option_tells_of_tokens(
    by_proxy: httpx.Client, trusting: tuple[MockBitrix, Authority]
) -> None:
    query = {"auth": issued(trusting[0]).access_token}

    told = by_proxy.get("https://oauth.company.example/rest/app.info", params=query).json()

    assert told["result"]["install"]["client_endpoint"] == "https://demo.bitrix24.test/rest/"


def test_the_vendors_address_of_the_script_gives_the_projects_own(by_proxy: httpx.Client) -> None:
    for host in SCRIPT_HOSTS:
        script = by_proxy.get(f"https://{host}/api/v1/")

        assert script.headers["content-type"].startswith("text/javascript")
        assert "BX24" in script.text


def test_a_webhook_that_needs_https_works_by_the_portal_s_name(
    by_proxy: httpx.Client, trusting: tuple[MockBitrix, Authority], http: httpx.Client
) -> None:
    way = "/rest/1/demowebhook/profile"

    assert by_proxy.get("https://demo.bitrix24.test" + way).status_code == 200
    refused = http.get(trusting[0].url + way)
    assert (refused.status_code, refused.json()["error_description"]) == (401, "Https required.")


def test_a_portal_of_any_domain_is_behind_the_proxy_as_soon_as_it_is_there(
    by_proxy: httpx.Client, trusting: tuple[MockBitrix, Authority], http: httpx.Client
) -> None:
    address = "https://portal.company.example/rest/profile"
    with pytest.raises(httpx.ProxyError, match=r"portal\.company\.example is not emulated"):
        by_proxy.get(address)

    document = {"portal": {"domain": "portal.company.example"}}
    portal = install_portal(trusting[0], http, document)

    assert by_proxy.get(address, params={"auth": portal.admin.token}).status_code == 200


def test_a_foreign_host_is_refused(by_proxy: httpx.Client) -> None:
    with pytest.raises(httpx.ProxyError, match=r"403 example\.com is not emulated"):
        by_proxy.get("https://example.com/")


def test_who_does_not_trust_the_authority_sends_nothing(
    trusting: tuple[MockBitrix, Authority],
) -> None:
    with (
        httpx.Client(proxy=trusting[0].emulator.proxy_url, trust_env=False) as client,
        pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        client.get("https://oauth.bitrix.info/oauth/token/")


def test_headers_of_a_proxy_in_front_are_not_believed(
    trusting: tuple[MockBitrix, Authority], http: httpx.Client
) -> None:
    claimed = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.0.0.1"}

    refused = http.get(f"{trusting[0].url}/rest/1/demowebhook/profile", headers=claimed)

    assert refused.json()["error_description"] == "Https required."


def test_events_that_no_call_caused_name_the_public_address(
    trusting: tuple[MockBitrix, Authority],
) -> None:
    assert trusting[0].emulator.url == "https://portal.example:8443"


def test_https_on_the_main_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCK_BITRIX_HOME", str(tmp_path))
    with MockBitrix(tls=True) as server:
        context = ssl.create_default_context(cafile=Authority.open().certificate_file)
        told = httpx.get(
            f"{server.url}/oauth/token/?grant_type=refresh_token"
            f"&refresh_token=demo.refresh.token&{CREDENTIALS}",
            verify=context,
            trust_env=False,
        ).json()

    assert server.url.startswith("https://127.0.0.1:")
    assert told["client_endpoint"] == f"{server.url}/rest/"
