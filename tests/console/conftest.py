"""A portal to look at in the console."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from mock_bitrix.testing import MockBitrix
from mock_bitrix.testing.control import Control, PortalControl
from tests.support import Client

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BOUND = {"event": "ONCRMLEADADD", "type": "offline"}


@pytest.fixture
def made(server: MockBitrix) -> PortalControl:
    """A portal with one application that has bound new leads offline."""
    tokens = [{"user": 1, "access_token": None}]
    apps = [{"client_id": "local.app", "scope": ["crm"], "tokens": tokens, "bindings": [BOUND]}]
    return Control(server.url).create({"apps": apps})


@pytest.fixture
def caller(made: PortalControl, http: httpx.Client) -> Client:
    """The application, in the name of the administrator."""
    token = made.document["apps"][0]["tokens"][0]["access_token"]
    return Client(http, f"{made.transport.url}/rest", token)


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    """Chromium without a window."""
    return chromium
