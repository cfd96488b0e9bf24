"""The whole of it by https: a portal by its own name, through the proxy, and the application's
page at another origin, which loads its script from the vendor's address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from mock_bitrix.testing import MockBitrix
from mock_bitrix.tls.authority import Authority
from tests.frame.application import SDK, ApplicationServer
from tests.frame.opened import FRAMED
from tests.support import TestPortal, install_portal

if TYPE_CHECKING:
    import httpx
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MockBitrix]:
    """A server behind the proxy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOCK_BITRIX_HOME", str(tmp_path_factory.mktemp("home")))
        with MockBitrix(proxy_port=0) as server:
            yield server


@pytest.fixture(scope="module")
def secure_application(secure: MockBitrix) -> Iterator[ApplicationServer]:
    """An application's server by https, with a certificate of the same authority."""
    server = ApplicationServer(tls=Authority.open().server_context())
    yield server
    server.stop()


@pytest.fixture
def secure_page(chromium: Browser, secure: MockBitrix) -> Iterator[Page]:
    """A browser that comes through the proxy; the authority is not in its own store."""
    proxy: Any = {"server": str(secure.emulator.proxy_url), "bypass": "127.0.0.1"}
    context = chromium.new_context(proxy=proxy, ignore_https_errors=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def portal_by_name(secure: MockBitrix, http: httpx.Client) -> TestPortal:
    return install_portal(secure, http)


def show(page: Page, application: ApplicationServer, portal: TestPortal, path: str) -> str:
    """Open the portal's page; what the application in it says once it has greeted its user."""
    handler = {**FRAMED, "handler_url": application.url + path}
    framed = install_portal(portal.server, portal.http, {"apps": [handler]})
    application.portal = f"https://{framed.domain}"
    page.goto(f"https://{framed.domain}/marketplace/app/{framed.client_id}/")
    page.wait_for_selector("#application iframe")
    frame = page.frames[1]
    frame.wait_for_function("() => window.started")
    frame.wait_for_selector("text=Hello, Anna")
    return str(frame.url)


def test_an_application_that_loads_the_vendors_script_greets_its_user(
    secure_page: Page, secure_application: ApplicationServer, portal_by_name: TestPortal
) -> None:
    secure_application.brought.clear()

    address = show(secure_page, secure_application, portal_by_name, "/vendor.html")

    assert address.startswith(secure_application.url)
    (brought,) = secure_application.brought
    assert brought.query["PROTOCOL"] == "1"
    assert secure_page.url.startswith(f"https://{brought.query['DOMAIN']}/")


@pytest.mark.skipif(not SDK.is_file(), reason="no b24jssdk: run `npm ci` in tests/clients/js")
def test_the_sdk_calls_the_portal_by_https(
    secure_page: Page, secure_application: ApplicationServer, portal_by_name: TestPortal
) -> None:
    calls: list[str] = []
    secure_page.on("request", lambda sent: calls.append(sent.url))

    show(secure_page, secure_application, portal_by_name, "/sdk.html")

    rest = [url for url in calls if "/rest/" in url]
    assert rest
    assert all(url.startswith("https://") and ".bitrix24.test/rest/" in url for url in rest)
