"""Where clients are told to call."""

from __future__ import annotations

import pytest

from mock_bitrix.portal.addresses import came_by, without_port

KNOWN = "http://127.0.0.1:8024"


@pytest.mark.parametrize(
    ("scheme", "host", "address"),
    [
        ("http", "localhost:9000", "http://localhost:9000"),
        ("http", "LOCALHOST:80", "http://localhost"),
        ("https", "demo.bitrix24.test:443", "https://demo.bitrix24.test"),
        ("https", "demo.bitrix24.test:80", "https://demo.bitrix24.test:80"),
        ("http", "[::1]:8024", "http://[::1]:8024"),
        ("http", "[::1]:80", "http://[::1]"),
        ("http", "", KNOWN),
        ("http", "evil.example/path", KNOWN),
        ("http", "user@evil.example", KNOWN),
        ("http", "a b", KNOWN),
    ],
)
def test_a_caller_is_told_the_name_by_which_it_came(scheme: str, host: str, address: str) -> None:
    assert came_by(scheme, host, KNOWN) == address


def test_a_caller_by_the_public_name_is_told_the_public_scheme() -> None:
    public = "https://portal.example"

    assert came_by("http", "Portal.example", public) == public
    assert came_by("http", "portal.example:8080", public) == "http://portal.example:8080"


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("Demo.test:80", "demo.test"),
        ("demo.test", "demo.test"),
        ("[::1]", "[::1]"),
        ("[::1]:8", "[::1]"),
    ],
)
def test_a_name_stands_without_its_port(host: str, name: str) -> None:
    assert without_port(host) == name
