from __future__ import annotations

import httpx
import pytest

from mock_bitrix.testing import MockBitrix
from tests.oauth.support import Application, install


@pytest.fixture
def application(server: MockBitrix, http: httpx.Client) -> Application:
    return install(server, http)
