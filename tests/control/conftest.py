"""A portal made through the control API, and the client that made it."""

from __future__ import annotations

import httpx
import pytest

from mock_bitrix.testing import MockBitrix
from mock_bitrix.testing.control import Control, PortalControl
from tests.support import Client

BOUND = {"event": "ONCRMLEADADD", "type": "offline"}


@pytest.fixture
def control(server: MockBitrix) -> Control:
    """The control API of the session's server."""
    return Control(server.url)


@pytest.fixture
def made(control: Control) -> PortalControl:
    """A portal with one application, `local.app`, that has bound new leads offline."""
    tokens = [{"user": 1}]
    apps = [{"client_id": "local.app", "tokens": tokens, "bindings": [BOUND]}]
    return control.create({"apps": apps, "webhooks": [{"user": 1}]})


@pytest.fixture
def caller(made: PortalControl, http: httpx.Client) -> Client:
    """The application, calling as its administrator."""
    return caller_of(made, http)


def caller_of(portal: PortalControl, http: httpx.Client) -> Client:
    """A portal's first token, calling."""
    token = portal.document["apps"][0]["tokens"][0]["access_token"]
    return Client(http, f"{portal.transport.url}/rest", token)
