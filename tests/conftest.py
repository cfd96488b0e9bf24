"""What every test may use: a running server, and throw-away portals on it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import HealthCheck, settings

from mock_bitrix.testing import MockBitrix
from tests import browsers, databases
from tests.support import Client, TestPortal, install_portal

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# A busy machine must not fail a property: examples have no time limit of their own.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("short", UNHURRIED, max_examples=30)
settings.register_profile("thorough", UNHURRIED, max_examples=400)
settings.load_profile("short")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--on postgresql`: the session's servers keep their portals there."""
    parser.addoption("--on", choices=["sqlite", "postgresql"], default="sqlite")


def pytest_configure(config: pytest.Config) -> None:
    """Where Python keeps no bytecode beside its sources, it is kept with what pytest remembers.

    Else each server that a test starts would compile everything again.
    """
    cache: pytest.Cache | None = getattr(config, "cache", None)
    if sys.dont_write_bytecode and cache:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        sys.dont_write_bytecode = False
        sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(cache.mkdir("bytecode"))


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """One more than there are processors: many tests wait for processes that they started."""
    return (yield) + 1


@pytest.fixture(scope="session", autouse=True)
def _by_themselves(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests use none of the user's settings, and leave nothing in the user's directories."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("MOCK_BITRIX_") and not name.startswith("MOCK_BITRIX_TEST_"):
                patch.delenv(name)
        patch.setenv("MOCK_BITRIX_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="session")
def new_database(request: pytest.FixtureRequest) -> Iterator[Callable[[], str | None]]:
    """Makes an empty database for a server: its address, or None for a temporary file."""
    if request.config.getoption("--on") == "sqlite":
        yield lambda: None
        return
    postgresql = databases.postgresql()
    yield postgresql.database
    postgresql.stop()  # the process of a worker ends without asking what it leaves behind


@pytest.fixture(scope="session")
def server(new_database: Callable[[], str | None]) -> Iterator[MockBitrix]:
    """A server with the demo portal, in profile docs. Make a portal of your own on it."""
    with MockBitrix(database=new_database()) as running:
        yield running


@pytest.fixture(scope="session")
def cloud_server(new_database: Callable[[], str | None]) -> Iterator[MockBitrix]:
    """The same in profile cloud, but for https, which needs certificates."""
    switches = {"https": "optional"}
    with MockBitrix(profile="cloud", switches=switches, database=new_database()) as running:
        yield running


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
    """An HTTP client that keeps its connections."""
    with httpx.Client(trust_env=False, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser without a window: one, because two can't be driven in one thread."""
    yield from browsers.chromium()


@pytest.fixture
def portal(server: MockBitrix, http: httpx.Client) -> TestPortal:
    """A portal of its own for the test: an administrator, a user, an application, a webhook."""
    return install_portal(server, http)


@pytest.fixture
def cloud_portal(cloud_server: MockBitrix, http: httpx.Client) -> TestPortal:
    """The same in profile cloud."""
    return install_portal(cloud_server, http)


@pytest.fixture(params=["docs", "cloud"])
def any_portal(request: pytest.FixtureRequest) -> Any:
    """The same in each profile, one after the other."""
    return request.getfixturevalue({"docs": "portal", "cloud": "cloud_portal"}[request.param])


__all__ = ["Client"]
