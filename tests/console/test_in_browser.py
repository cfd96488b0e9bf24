"""The console in Chromium: what lives, what a person does, with the keyboard, too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from mock_bitrix.testing.control import PortalControl
from tests.console.browsing import Shown, opened
from tests.console.support import put
from tests.support import Client

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window of its own for the test."""
    with opened(browser) as page:
        yield page


def test_a_new_row_shows_within_seconds_without_a_reload(page: Page, made: PortalControl) -> None:
    put(made, 1)
    shown = Shown(page, made)
    page.evaluate("window.mark = 1")

    put(made, 2)
    shown.row(2).wait_for(timeout=4000)

    page.locator("nav.figures", has_text="2 free").wait_for(timeout=4000)  # they may lag behind
    assert shown.rows() == [2, 1]
    assert page.evaluate("window.mark") == 1


def test_a_take_shows_in_the_row_and_among_the_calls(
    page: Page, made: PortalControl, caller: Client
) -> None:
    put(made, 1)
    shown = Shown(page, made)

    process = caller("event.offline.get", clear=0).result["process_id"]
    shown.row(1).locator(".pill.reserved").wait_for()

    page.locator("[data-live=calls] tbody", has_text="event.offline.get").wait_for()
    shown.row(1).get_by_role("link").click()
    shown.wait_for(f"document.querySelector('[name=process]').value === '{process}'")
    assert f"process={process}" in page.url
    assert page.get_by_label("About").input_value() == process


def test_what_has_the_focus_keeps_it_and_what_is_open_stays_open(
    page: Page, made: PortalControl
) -> None:
    made.put({"event": "ONCRMLEADADD", "data": {"FIELDS": {"ID": 1, "TITLE": "x" * 50}}})
    shown = Shown(page, made)
    page.locator("[data-live=queue] summary").first.focus()
    page.keyboard.press("Enter")
    page.evaluate("window.summary = document.activeElement")

    put(made, 7)
    shown.row(7).wait_for()

    assert page.evaluate("document.activeElement === window.summary")
    assert page.locator("[data-live=queue] details[open] pre").is_visible()


def test_focus_goes_to_the_head_of_its_section_when_its_row_is_gone(
    page: Page, made: PortalControl
) -> None:
    made.add_fault("slow", "*")
    shown = Shown(page, made)

    page.get_by_role("button", name="Take back slow").focus()
    page.keyboard.press("Enter")
    page.locator("[data-live=faults] >> text=Nothing here.").wait_for()

    shown.wait_for("document.activeElement.id === 'faults-title'")
    assert made.faults() == []


def test_updates_can_be_paused(page: Page, made: PortalControl) -> None:
    shown = Shown(page, made)
    page.get_by_role("button", name="Pause").click()
    page.locator("#connection", has_text="Paused").wait_for()

    put(made, 1)
    page.wait_for_timeout(2500)
    assert shown.rows() == []

    page.get_by_role("button", name="Go on").click()
    shown.row(1).wait_for()


def test_filter_and_search_choose_rows_in_place_and_stay_in_the_address(
    page: Page, made: PortalControl
) -> None:
    put(made, 1, 2, 12)
    put(made, 3, error=True)
    shown = Shown(page, made)
    page.evaluate("window.mark = 1")

    queue = page.get_by_role("search", name="Filter the queue")
    queue.get_by_label("Search").fill('"ID":1')
    page.keyboard.press("Enter")
    page.wait_for_url("**search=**")
    shown.wait_for("!document.getElementById('row-2')")
    assert shown.rows() == [12, 1]

    page.get_by_role("link", name="1 in error").click()
    shown.wait_for("!document.getElementById('row-1')")
    queue.get_by_role("link", name="Clear").click()
    shown.row(3).wait_for()
    assert shown.rows() == [12, 3, 2, 1]
    page.go_back()
    shown.wait_for("!document.getElementById('row-3')")
    assert queue.get_by_label("Search").input_value() == '"ID":1'
    assert page.evaluate("window.mark") == 1


def test_calls_are_filtered_in_place(page: Page, made: PortalControl, caller: Client) -> None:
    caller("server.time")
    caller("event.offline.get")
    shown = Shown(page, made)
    page.evaluate("window.mark = 1")

    page.get_by_role("search", name="Filter the calls").get_by_label("Method").fill("server.*")
    page.keyboard.press("Enter")
    shown.wait_for("document.querySelectorAll('[id^=call-]').length === 1")

    assert page.evaluate("window.mark") == 1


def test_filters_and_pages_work_without_a_script(browser: Browser, made: PortalControl) -> None:
    put(made, *range(1, 61))
    with opened(browser, java_script_enabled=False) as page:
        shown = Shown(page, made)
        page.get_by_role("link", name="Next page").click()
        assert shown.rows() == list(range(10, 0, -1))

        page.get_by_label("Search").fill('"ID":60')
        page.get_by_role("search", name="Filter the queue").get_by_role("button").click()
        assert shown.rows() == [60]


def test_a_change_is_emitted_with_the_keyboard_alone(page: Page, made: PortalControl) -> None:
    shown = Shown(page, made)
    page.get_by_label("Event", exact=True).nth(1).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type('{"FIELDS": {"ID": 4711}}')
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    shown.row(1).wait_for()
    assert "4711" in shown.row(1).inner_text()
    assert shown.told("emit") == "Queued as row 1 of local.app."


def test_another_event_brings_its_documented_sample(page: Page, made: PortalControl) -> None:
    shown = Shown(page, made)
    form = shown.form("emit")
    event, data = form.locator("[name=event]"), form.locator("textarea")
    assert '"FIELDS"' in data.input_value()

    event.fill("ONUSERADD")
    event.press("Tab")
    shown.wait_for("document.querySelector('textarea').value.includes('user@example.com')")
    form.get_by_role("button", name="Emit").click()
    assert shown.told("emit") == "Nobody has bound this event: nothing came of it."

    data.fill('{"mine": 1}')
    event.fill("ONCRMDEALADD")
    event.press("Tab")
    page.wait_for_timeout(500)
    assert data.input_value() == '{"mine": 1}'


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("data", "{", "Data is no JSON"),
        ("event", "ONCRMLEADAD", "did you mean ONCRMLEADADD?"),
        ("user_id", "x", "user_id: expected a number"),
    ],
)
def test_what_is_wrong_is_said_beside_the_button_and_the_field_gets_the_focus(
    page: Page, made: PortalControl, name: str, value: str, problem: str
) -> None:
    shown = Shown(page, made)
    form = shown.form("emit")
    form.locator("summary").click()
    form.locator(f"[name={name}]").fill(value)

    form.get_by_role("button", name="Emit").click()

    assert problem in shown.told("emit")
    assert page.evaluate("document.activeElement.name") == name
    assert form.locator("[aria-invalid]").count() == 1


def test_the_clock_is_frozen_advanced_and_resumed(page: Page, made: PortalControl) -> None:
    shown = Shown(page, made)
    page.get_by_label("Freeze at").fill("2030-01-02T10:00:00+00:00")
    page.get_by_role("button", name="Freeze").click()
    now = page.locator("[data-live=clock]")
    now.filter(has_text="2030-01-02 10:00:00").filter(has_text="frozen").wait_for()

    page.get_by_role("button", name="+1 h").click()
    now.filter(has_text="2030-01-02 11:00:00").wait_for()
    by_hand = shown.form("advance", 1)
    by_hand.get_by_label("Seconds").fill("-60")
    by_hand.get_by_role("button").click()
    now.filter(has_text="2030-01-02 10:59:00").wait_for()
    page.get_by_role("button", name="Resume").click()
    now.filter(has_text="running").wait_for()

    assert shown.told("resume") == "The clock runs."
    assert made.clock()["frozen"] is False


def test_faults_are_ordered_and_taken_back(page: Page, made: PortalControl, caller: Client) -> None:
    shown = Shown(page, made)
    form = shown.form("fault")
    form.get_by_label("Fault").select_option("QUERY_LIMIT_EXCEEDED")
    form.get_by_label("Times").fill("2")
    form.get_by_role("button", name="Order").click()
    ordered = page.locator("[data-live=faults] tr", has_text="QUERY_LIMIT_EXCEEDED")
    ordered.wait_for()
    caller("event.offline.get")
    ordered.filter(has_text="1 of 2").wait_for()
    page.locator("[data-live=calls] .pill", has_text="fault QUERY_LIMIT_EXCEEDED").wait_for()

    ordered.get_by_role("button").click()
    ordered.wait_for(state="detached")
    made.add_fault("slow", "*")
    made.add_fault("malformed_body", "*")
    shown.form("heal").get_by_role("button").click()

    assert shown.told("heal") == "2 faults taken back."
    assert made.faults() == []


def test_an_explanation_comes_without_a_reload_and_leads_to_the_rows(
    page: Page, made: PortalControl
) -> None:
    put(made, 1, auth_connector="other")
    put(made, 2, process_id="a" * 32)
    shown = Shown(page, made)
    page.evaluate("window.mark = 1")
    section = page.locator("#explain")
    section.get_by_label("Connector").select_option("")

    section.get_by_role("button", name="Explain").click()
    section.get_by_text("A take gives nothing, though there are 2 rows.").wait_for()
    section.get_by_role("link", name="aaaaaaaa").click()
    shown.wait_for("!document.getElementById('row-1')")

    assert shown.rows() == [2]
    assert page.evaluate("window.mark") == 1


def test_a_bound_event_is_a_step_away_from_being_emitted(page: Page, made: PortalControl) -> None:
    shown = Shown(page, made)
    page.locator("#bindings").get_by_role("link", name="ONCRMLEADADD").click()

    shown.wait_for("document.activeElement.name === 'event'")
    page.keyboard.press("Enter")
    shown.row(1).wait_for()


def test_a_server_that_is_gone_is_said_to_be(page: Page, made: PortalControl) -> None:
    shown = Shown(page, made)
    page.route("**/live*", lambda route: route.abort())
    page.locator("#connection", has_text="No news").wait_for()
    page.unroute("**/live*")
    page.locator("#connection", has_text="Live").wait_for()
    assert shown.rows() == []
