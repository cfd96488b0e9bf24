from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A MOCK_BITRIX_HOME of the tests' own."""
    return tmp_path_factory.mktemp("home")
