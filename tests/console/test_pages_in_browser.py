"""How the console's pages look and keep to the rules of accessibility, in Chromium."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mock_bitrix.testing import MockBitrix
from mock_bitrix.testing.control import Control, PortalControl
from tests.console.browsing import NARROW, WIDE, Shown, opened
from tests.console.support import HOSTILE, hostile_portal, path_of, put, token_of
from tests.support import Client

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent / "js" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STUCK = Path(__file__).parents[2] / "fixtures" / "stuck.yaml"
LOOKS = [("light", WIDE), ("light", NARROW), ("dark", WIDE), ("dark", NARROW)]
KEY = "the key of the test"


@pytest.fixture(scope="module")
def stuck() -> Iterator[PortalControl]:
    """A portal with rows in every state, calls, faults and a handler that isn't there."""
    with MockBitrix(STUCK) as running:
        made = Control(running.url).portal()
        made.add_fault("slow", "crm.*", probability=0.5, delay=0.1)
        made.emit("ONCRMDEALADD")
        yield PortalControl(made.transport, made.document["portal"]["member_id"])


def complaints(page: Page) -> list[str]:
    """What breaks the rules of accessibility on a page."""
    if not AXE.exists():
        pytest.skip("axe-core isn't installed: `npm ci` in tests/console/js")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    asked = {"runOnly": {"type": "tag", "values": RULES}}
    found: Any = page.evaluate("(asked) => axe.run(asked)", asked)
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found["violations"]]


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_the_pages_keep_to_the_rules_of_accessibility(
    browser: Browser, stuck: PortalControl, scheme: Any, size: Any, tmp_path: Path
) -> None:
    with opened(browser, color_scheme=scheme, viewport=size) as page:
        Shown(page, stuck, "?why=local.warehouse&under=warehouse")
        page.locator("summary").first.click()
        page.locator("#connection", has_text="Live").wait_for()
        page.screenshot(path=tmp_path / "portal.png", full_page=True)
        found = complaints(page)
        page.goto(f"{stuck.transport.url}/")
        page.screenshot(path=tmp_path / "portals.png", full_page=True)

        assert found + complaints(page) == []


@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_nothing_is_wider_than_the_window(
    browser: Browser, stuck: PortalControl, scheme: Any, size: Any
) -> None:
    with opened(browser, color_scheme=scheme, viewport=size) as page:
        Shown(page, stuck, "?why=local.warehouse")

        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_page_is_dark_where_the_system_is(browser: Browser, made: PortalControl) -> None:
    def ground(scheme: Any) -> int:
        with opened(browser, color_scheme=scheme) as page:
            Shown(page, made)
            colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
            return sum(int(each) for each in colour[4:-1].split(","))

    assert ground("dark") < 150
    assert ground("light") > 600


def test_hostile_text_stays_text(browser: Browser, server: MockBitrix, http: Any) -> None:
    made = hostile_portal(server.url)
    with opened(browser) as page:
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        shown = Shown(page, made, "?why=local.app&emit=" + HOSTILE)
        caller = Client(http, f"{server.url}/rest", token_of(made))
        caller("event.offline.get", auth_connector=HOSTILE, **{HOSTILE: HOSTILE})
        page.locator("[data-live=calls] tbody", has_text="event.offline.get").wait_for()
        page.locator("[data-live=calls] summary").first.click()
        page.locator("[data-live=queue] summary").first.click()
        shown.form("emit").get_by_role("button", name="Emit").click()

        assert "<script>" in shown.told("emit")
        assert HOSTILE in page.locator("[data-live=queue]").inner_text()
        assert page.locator("img, main script, [onerror]").count() == 0
        page.goto(f"{path_of(made)}/calls/{made.calls()[-1]['id']}")
        assert page.locator("img, main script, [onerror]").count() == 0


def own_address() -> str | None:
    """This machine's address in its network; nothing is sent to learn it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as looking:
        try:
            looking.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = str(looking.getsockname()[0])
    return None if address.startswith("127.") else address


def test_a_browser_on_another_machine_signs_in_with_the_key(browser: Browser) -> None:
    address = own_address()
    if address is None:
        pytest.skip("this machine has no address but loopback")
    with (
        MockBitrix(host=address, control_key=KEY) as running,
        opened(browser, color_scheme="dark") as page,
    ):
        page.goto(running.url)
        assert page.title() == "Sign in · mock-bitrix"
        assert complaints(page) == []
        page.keyboard.type("wrong")
        page.keyboard.press("Enter")
        page.get_by_role("alert").wait_for()
        assert page.evaluate("document.activeElement.name") == "key"
        page.keyboard.type(KEY)
        page.keyboard.press("Enter")

        page.get_by_role("link", name="demo.bitrix24.test").click()
        page.get_by_role("button", name="Freeze").click()
        page.locator("[data-live=clock] .pill", has_text="frozen").wait_for()
        assert page.evaluate("document.cookie") == ""
        page.get_by_role("button", name="Sign out").click()
        page.get_by_label("Control key").wait_for()


ROWS = 100_000
PATIENCE = 2_000
"""Milliseconds, on a machine that does much else meanwhile: it takes a tenth of it alone."""


def fill(server: MockBitrix, made: PortalControl, rows: int) -> None:
    """Put many rows straight into the portal's queue."""
    from mock_bitrix.queue.statements import insert_as_is

    directory, database = server.emulator.directory.revised(), server.emulator.database
    portal = directory.by_member_id(made.name)
    assert portal is not None
    given = {
        "portal_id": portal.id,
        "application_id": directory.applications(portal)[0].id,
        "connector": "",
        "event": "ONCRMLEADADD",
        "additional": "false",
        "timestamp": int(portal.clock.now()),
        "written": portal.clock.now(),
        "reserved_at": None,
    }
    with database.transaction():
        database.change_many(
            insert_as_is,
            (
                {**given, "id": number, "message_id": str(number), "error": number % 50 == 0,
                 "data": f'{{"FIELDS":{{"ID":{number}}}}}', "process_id": "p" * (number % 9 == 1)}
                for number in range(1, rows + 1)
            ),
        )  # fmt: skip


def test_a_hundred_thousand_rows_are_shown_quickly(
    browser: Browser, server: MockBitrix, made: PortalControl
) -> None:
    fill(server, made, ROWS)
    timing = """async (address) => {
        const start = performance.now();
        await (await fetch(address)).text();
        return performance.now() - start;
    }"""
    with opened(browser) as page:
        shown = Shown(page, made)
        took = {
            query: page.evaluate(timing, f"{path_of(made)}/{query}")
            for query in ("live", "live?state=error", "live?process=p", "live?search=nothing")
        }
        put(made, ROWS + 1)
        shown.row(ROWS + 1).wait_for(timeout=15_000)

        assert len(shown.rows()) == 50
        page.locator("nav.figures", has_text="100,001 all").wait_for(timeout=15_000)
        assert max(took.values()) < PATIENCE, took
