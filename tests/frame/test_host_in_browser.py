"""Whom the portal's page listens to, and what it shows, in Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.frame.application import ApplicationServer
from tests.frame.browsing import Shown, show
from tests.support import TestPortal

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_a_message_with_another_app_sid_is_passed_over(fresh: Shown) -> None:
    fresh.run("() => parent.postMessage('setTitle:{\"title\":\"evil\"}:1:other', '*')")
    fresh.page.wait_for_function(
        "() => document.getElementById('notice').textContent.includes('APP_SID')"
    )
    assert fresh.page.locator("#pagetitle").inner_text() != "evil"


def test_a_page_of_another_origin_in_the_frame_is_not_listened_to(
    fresh: Shown, application: ApplicationServer
) -> None:
    elsewhere = application.url.replace("127.0.0.1", "localhost")
    frame = fresh.application
    frame.evaluate("(url) => { location.href = url; }", f"{elsewhere}/bx24.html")
    fresh.page.wait_for_function(
        "() => document.getElementById('notice').textContent.includes('was passed over')"
    )
    assert elsewhere in fresh.notice()


def test_a_window_that_is_no_frame_of_the_page_is_not_listened_to(fresh: Shown) -> None:
    fresh.run(
        """() => new Promise((resolve) => {
            const sid = window.name.split("|")[2];
            const inner = document.createElement("iframe");
            const words = `'setScroll:{"scroll":7}:1:${sid}'`;
            inner.srcdoc = `<script>top.postMessage(${words}, "*")</script>`;
            inner.onload = () => BX24.setTitle("done", resolve);
            document.body.append(inner);
        })"""
    )
    assert [line for line in fresh.messages() if "→ set" in line][-1].startswith("→ setTitle")
    assert not any("setScroll" in line for line in fresh.messages())


def test_tokens_are_not_shown(fresh: Shown) -> None:
    token = fresh.run("() => BX24.getAuth().access_token")
    line = next(each for each in fresh.messages() if each.startswith("← getInitData"))
    assert '"AUTH_ID":"…"' in line
    assert token not in line


def test_a_refused_command_is_shown_and_not_answered(
    page: Page, application: ApplicationServer, portal: TestPortal
) -> None:
    shown = show(page, application, portal, query="?user=2")
    shown.run("() => new Promise((resolve) => BX24.setTitle('ready', resolve))")
    sid = shown.run("() => window.name.split('|')[2]")
    shown.run(
        '(sid) => parent.postMessage(`setAppOption:{"name":"a","value":1}:k:${sid}`, \'*\')',
        sid,
    )
    page.wait_for_function(
        "() => document.getElementById('notice').textContent.includes('administrator')"
    )
    assert not any(each.startswith("← setAppOption") for each in shown.messages())


def test_somebody_else_looks(fresh: Shown) -> None:
    fresh.run("() => true")
    fresh.page.get_by_label("Seen by").select_option("2")
    with fresh.page.expect_navigation():
        fresh.page.get_by_role("button", name="Look").click()
    fresh.application.wait_for_selector("text=Hello, Ulf")


def test_nothing_on_the_page_breaks_its_own_policy(
    page: Page, application: ApplicationServer, portal: TestPortal
) -> None:
    complaints: list[str] = []
    page.on("console", lambda each: complaints.append(each.text) if each.type == "error" else None)
    shown = show(page, application, portal, name="<script>alert(1)</script>")
    shown.application.wait_for_selector("text=Hello, Anna")

    assert page.locator("h1").inner_text() == "<script>alert(1)</script>"
    assert complaints == []
