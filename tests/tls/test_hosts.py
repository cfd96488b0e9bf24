from __future__ import annotations

import pytest

from mock_bitrix.tls.hosts import Hosts, plain_host


@pytest.mark.parametrize(
    "host",
    ["oauth.bitrix.info", "oauth.bitrix24.tech", "oauth.bitrix24.com", "Demo.Bitrix24.test."],
)
def test_authorisation_servers_and_test_portals_are_emulated(host: str) -> None:
    assert Hosts().emulates(host)


@pytest.mark.parametrize("host", ["api.bitrix24.com", "api.bitrix24.tech"])
def test_the_host_of_the_script_is_emulated_and_authorises_nobody(host: str) -> None:
    assert Hosts().emulates(host)
    assert not Hosts().authorises(host)


@pytest.mark.parametrize(
    "host", ["bitrix24.com", "my.bitrix24.com", "evilbitrix24.test", "", "::1"]
)
def test_no_other_host_is_emulated(host: str) -> None:
    assert not Hosts().emulates(host)


def test_a_further_authorisation_server_is_compared_as_any_host() -> None:
    hosts = Hosts(("OAuth.Company.example.",))

    assert hosts.authorises("oauth.company.example")
    assert hosts.emulates("oauth.company.EXAMPLE")
    assert not Hosts().authorises("oauth.company.example")


def test_an_address_is_compared_without_its_brackets() -> None:
    assert plain_host("[::1]") == "::1"
