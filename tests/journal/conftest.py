"""A portal whose calls are looked at."""

from __future__ import annotations

import httpx
import pytest

from mock_bitrix.testing import MockBitrix
from mock_bitrix.testing.control import Control, PortalControl
from tests.support import Client

TOKEN = {"user": 1}


@pytest.fixture
def made(server: MockBitrix) -> PortalControl:
    """A portal with one application and a webhook."""
    apps = [{"client_id": "local.app", "tokens": [TOKEN]}]
    return Control(server.url).create({"apps": apps, "webhooks": [{"user": 1}]})


@pytest.fixture
def caller(made: PortalControl, http: httpx.Client) -> Client:
    token = made.document["apps"][0]["tokens"][0]["access_token"]
    return Client(http, f"{made.transport.url}/rest", token)


@pytest.fixture
def webhook(made: PortalControl, http: httpx.Client) -> Client:
    secret = made.document["webhooks"][0]["secret"]
    return Client(http, f"{made.transport.url}/rest/1/{secret}")
