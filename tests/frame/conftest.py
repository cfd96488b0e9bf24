"""A portal with an application in a frame; a browser, and an application for it to show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest

from mock_bitrix.testing import MockBitrix
from tests.frame.application import ApplicationServer
from tests.frame.browsing import Shown, show
from tests.frame.opened import framed_portal
from tests.support import TestPortal, install_portal

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


@pytest.fixture
def framed(portal: TestPortal) -> TestPortal:
    """A portal whose application is shown in a frame."""
    return framed_portal(portal)


@pytest.fixture(scope="session")
def application() -> Iterator[ApplicationServer]:
    """An application's own server, at another origin than the portal."""
    server = ApplicationServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser(chromium: Browser) -> BrowserContext:
    """A browser that calls what it shows directly."""
    return chromium.new_context(viewport={"width": 1100, "height": 900})


@pytest.fixture
def page(browser: BrowserContext) -> Iterator[Page]:
    """A page of its own for the test."""
    opened = browser.new_page()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def lasting_page(browser: BrowserContext) -> Iterator[Page]:
    """A page for the tests of a module that leave it as they found it."""
    opened = browser.new_page()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def any_portal_here(server: MockBitrix, http: httpx.Client) -> TestPortal:
    """A portal to make the lasting page's own one from."""
    return install_portal(server, http)


@pytest.fixture(scope="module")
def shown(lasting_page: Page, application: ApplicationServer, any_portal_here: TestPortal) -> Shown:
    """One page for all tests that leave it as they found it."""
    return show(lasting_page, application, any_portal_here)


@pytest.fixture
def fresh(page: Page, application: ApplicationServer, portal: TestPortal) -> Shown:
    """A page of its own for the test."""
    return show(page, application, portal)
