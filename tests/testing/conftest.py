from __future__ import annotations

from collections.abc import Iterator

import pytest

from mock_bitrix.testing import MockBitrix, Portal


@pytest.fixture
def throw_away(server: MockBitrix) -> Iterator[Portal]:
    """A portal as the plugin gives it, on the tests' server."""
    with server.portal() as portal:
        yield portal


@pytest.fixture
def synced(throw_away: Portal) -> Portal:
    """One change waits in it, under a connector."""
    throw_away.bind("ONCRMLEADADD", auth_connector="sync")
    throw_away.emit("ONCRMLEADADD", FIELDS={"ID": 5})
    return throw_away
