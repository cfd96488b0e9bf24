"""A portal's page in a browser, as a person uses it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mock_bitrix.testing.control import PortalControl
from tests.console.support import path_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 400, "height": 800}


@contextmanager
def opened(browser: Browser, **context: Any) -> Iterator[Page]:
    """A page in a window of its own. Whatever the browser complains about fails the test."""
    complaints: list[str] = []
    page = browser.new_page(**{"viewport": WIDE, **context})
    page.set_default_timeout(10_000)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if _bad(said) else None)
    yield page
    page.close()
    assert complaints == []


def _bad(said: Any) -> bool:
    # What a test wants to be refused, or to fail, the browser tells, too.
    return said.type == "error" and not said.text.startswith("Failed to load resource")


class Shown:
    """A portal's page, and what a person does there."""

    def __init__(self, page: Page, made: PortalControl, query: str = "") -> None:
        self.page = page
        page.goto(path_of(made) + query)

    def rows(self) -> list[int]:
        """The ids of the rows that are shown."""
        found = self.page.locator("[data-live=queue] tr[id^=row-]").all()
        return [int(str(each.get_attribute("id")).removeprefix("row-")) for each in found]

    def row(self, number: int) -> Locator:
        """One row."""
        return self.page.locator(f"#row-{number}")

    def form(self, action: str, number: int = 0) -> Locator:
        """A form of the controls."""
        return self.page.locator(f"form[data-action={action}]").nth(number)

    def told(self, action: str, number: int = 0) -> str:
        """What a form says came of it."""
        told = self.form(action, number).locator(".told:not(:empty)")
        return str(told.inner_text())

    def wait_for(self, script: str) -> None:
        """Wait until something holds in the page."""
        self.page.wait_for_function(f"() => {script}")
