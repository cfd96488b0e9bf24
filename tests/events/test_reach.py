"""Which addresses the emulator calls of its own accord."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from mock_bitrix.events.reach import NotAllowed, addresses_of, is_near


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("10.1.2.3", True),
        ("172.16.0.9", True),
        ("192.168.1.1", True),
        ("fd00::1", True),
        ("::ffff:127.0.0.1", True),
        ("169.254.169.254", False),
        ("fe80::1%eth0", False),
        ("8.8.8.8", False),
        ("::ffff:8.8.8.8", False),
        ("2001:4860:4860::8888", False),
        ("224.0.0.1", False),
    ],
)
def test_loopback_and_private_addresses_are_near(address: str, near: bool) -> None:
    assert is_near(address) is near


class Resolver:
    """Answers for the system's resolver, and counts how often it was asked."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.asked = 0

    def __call__(self, *_: object, **__: object) -> list[Any]:
        self.asked += 1
        return [(2, 1, 6, "", (address, 80)) for address in self.addresses]


def found(host: str, *allowed: str) -> list[str]:
    return asyncio.run(addresses_of(host, 80, allowed))


def test_a_name_is_looked_up_once_and_only_its_near_addresses_are_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolver = Resolver("8.8.8.8", "10.0.0.1", "10.0.0.1")
    monkeypatch.setattr(socket, "getaddrinfo", resolver)

    assert found("worker") == ["10.0.0.1"]
    assert resolver.asked == 1


def test_a_host_that_is_named_may_be_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Resolver("8.8.8.8"))

    with pytest.raises(NotAllowed, match="--allow-delivery-to"):
        found("hooks.example")
    assert found("Hooks.example", "hooks.example") == ["8.8.8.8"]
    assert found("8.8.8.8", "8.8.8.8") == ["8.8.8.8"]


def test_a_name_that_nobody_knows_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> list[Any]:
        raise socket.gaierror("unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    with pytest.raises(OSError, match="unknown"):
        found("nowhere.example")
