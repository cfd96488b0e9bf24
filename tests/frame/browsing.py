"""A browser in front of the portal's page, and the application in its frame."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.frame.application import ApplicationServer
from tests.frame.opened import framed_portal
from tests.support import TestPortal

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page


@dataclass
class Shown:
    """A portal's page in a browser, with an application in it."""

    portal: TestPortal
    page: Page

    @property
    def application(self) -> Frame:
        """The application's own window, once its page is there and ready."""
        self.page.wait_for_selector("#application iframe")
        frame = self.page.frames[1]
        frame.wait_for_function(READY)
        return frame

    def run(self, script: str, given: Any = None) -> Any:
        """Run a function in the application; gives what its promise gives."""
        return self.application.evaluate(script, given)

    def call(self, method: str, parameters: Any = None) -> Any:
        """Call a method by BX24: data and error of the result."""
        return self.run(CALL, [method, parameters or {}])

    def notice(self) -> str:
        """What the page tells the person in front of it."""
        return str(self.page.locator("#notice").inner_text())

    def messages(self) -> list[str]:
        """The talk between application and page."""
        return list(self.page.locator("#log li").all_text_contents())


DOCUMENTED = Path(__file__).with_name("documented")
"""The examples of the documentation's page, letter by letter."""

READY = "() => window.started"

CALL = """([method, parameters]) => new Promise((resolve) => {
    BX24.callMethod(method, parameters, (result) => resolve({
        data: result.data(), error: result.error() && { ...result.error() },
    }));
})"""


def show(
    page: Page,
    application: ApplicationServer,
    portal: TestPortal,
    path: str = "/bx24.html",
    query: str = "",
    **more: Any,
) -> Shown:
    """Open the portal's page with the application's page `path` in it."""
    application.portal = portal.server.url
    framed = framed_portal(portal, **{"handler_url": application.url + path, **more})
    page.goto(f"{portal.server.url}/marketplace/app/{framed.client_id}/{query}")
    return Shown(framed, page)


def expire_tokens(portal: TestPortal) -> None:
    """An hour passes for the portal: all tokens that end have ended, and no browser knows."""
    from sqlalchemy import bindparam, update

    from mock_bitrix.storage import schema
    from mock_bitrix.storage.statement import Statement

    database = portal.server.emulator.database
    tokens = schema.tokens
    of_portal = update(tokens).where(tokens.c.portal_id == bindparam("number"))
    with database.transaction():
        database.run(Statement(of_portal.values(expires=bindparam("at"))), number=portal.id, at=1.0)
        database.raise_revision()
