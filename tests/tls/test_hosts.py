from __future__ import annotations

import pytest

from mock_bitrix.tls.hosts import always_emulated, plain_host


@pytest.mark.parametrize(
    "host",
    ["oauth.bitrix.info", "oauth.bitrix24.tech", "oauth.bitrix24.com", "Demo.Bitrix24.test."],
)
def test_authorisation_servers_and_test_portals_are_emulated(host: str) -> None:
    assert always_emulated(host)


@pytest.mark.parametrize(
    "host", ["bitrix24.com", "my.bitrix24.com", "evilbitrix24.test", "", "::1"]
)
def test_no_other_host_is_emulated(host: str) -> None:
    assert not always_emulated(host)


def test_an_address_is_compared_without_its_brackets() -> None:
    assert plain_host("[::1]") == "::1"
