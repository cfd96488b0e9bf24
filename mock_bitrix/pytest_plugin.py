"""pytest fixtures: `mock_bitrix`, a server for the session; `bitrix_portal`, a portal for the test.

pytest imports this in every run of whoever has the package: nothing else is, until it is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from mock_bitrix.testing import Portal, RunningServer

MARKER = "bitrix_portal(document, **parts): what is in the test's portal: a fixture file or parts"


def pytest_configure(config: pytest.Config) -> None:
    """Say what the marker is for."""
    config.addinivalue_line("markers", MARKER)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist how it gets at the server that all of them share."""
    from mock_bitrix.testing.sharing import offer

    node.workerinput["mock_bitrix"] = offer(node.config)


@pytest.fixture(scope="session")
def mock_bitrix_options() -> dict[str, Any]:
    """Override it to start the session's server with options of `MockBitrix`: profile, switches."""
    return {}


@pytest.fixture(scope="session")
def mock_bitrix(
    pytestconfig: pytest.Config, mock_bitrix_options: dict[str, Any]
) -> Iterator[RunningServer]:
    """A server for the session: the one at `MOCK_BITRIX_URL`, or one that is started for it."""
    from mock_bitrix.testing import fixtures

    yield from fixtures.server(pytestconfig, mock_bitrix_options)


@pytest.fixture
def bitrix_portal_document() -> Mapping[str, Any] | str | Path:
    """Override it to say what is in the tests' portals: a document, or the path of its file."""
    return {}


@pytest.fixture
def bitrix_portal(
    mock_bitrix: RunningServer,
    bitrix_portal_document: Mapping[str, Any] | str | Path,
    request: pytest.FixtureRequest,
) -> Iterator[Portal]:
    """A portal for the test alone; it is deleted afterwards."""
    from mock_bitrix.testing import fixtures

    yield from fixtures.portal(mock_bitrix, bitrix_portal_document, request)
