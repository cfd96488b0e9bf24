"""The portal's window as BX24 asks for it: size, title, dialogs, placements, in Chromium."""

from __future__ import annotations

import pytest

from tests.frame.browsing import READY, Shown

pytestmark = pytest.mark.browser


def test_the_portals_window_obeys(shown: Shown) -> None:
    shown.run(
        """() => new Promise((resolve) =>
            BX24.setTitle("New headline", () => BX24.resizeWindow(640, 320, resolve)))"""
    )
    assert shown.page.locator("#pagetitle").inner_text() == "New headline"
    box = shown.page.locator("#application iframe").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (640, 320)

    shown.run("() => new Promise((resolve) => BX24.fitWindow(resolve))")
    fitted = shown.page.locator("#application iframe").bounding_box()
    assert fitted is not None
    assert 20 < fitted["height"] < 320


def test_the_application_opens_itself_on_top_and_closes_itself(fresh: Shown) -> None:
    fresh.run(
        """() => { window.ended = new Promise((resolve) =>
            BX24.openApplication({ opened: true }, () => resolve("closed"), { title: "Mine" }));
        }"""
    )
    fresh.page.wait_for_selector("dialog iframe")
    assert fresh.page.get_by_role("heading", name="Mine").is_visible()
    inner = fresh.page.frames[2]
    inner.wait_for_function(READY)
    assert inner.evaluate("() => BX24.placement.info()") == {
        "placement": "DEFAULT",
        "options": {"opened": True, "bx24_title": "Mine"},
    }
    inner.evaluate("() => BX24.closeApplication()")
    assert fresh.run("() => window.ended") == "closed"
    assert fresh.page.locator("dialog").count() == 0


def test_a_path_outside_of_the_portals_pages_is_not_opened(shown: Shown) -> None:
    answer = shown.run("() => new Promise((resolve) => BX24.openPath('/evil/', resolve))")
    assert answer == {"result": "error", "errorCode": "PATH_NOT_AVAILABLE"}


def test_a_user_is_chosen_or_nobody(shown: Shown) -> None:
    shown.run("() => { window.chosen = []; BX24.selectUser((user) => window.chosen.push(user)); }")
    shown.page.get_by_role("button", name="Cancel").click()
    shown.run("() => BX24.selectUser((user) => window.chosen.push(user))")
    shown.page.get_by_label("Ulf User (2)").check()
    shown.page.get_by_role("button", name="Select").click()
    shown.application.wait_for_function("() => window.chosen.length > 0")
    assert shown.run("() => window.chosen") == [{"id": 2, "name": "Ulf User"}]


def test_blocked_access_codes_cannot_be_chosen(shown: Shown) -> None:
    shown.run(
        """() => { window.chosen = new Promise((resolve) =>
            BX24.selectAccess(["AU", "IU1"], resolve)); }"""
    )
    assert shown.page.get_by_label("All authorized users (AU)").is_disabled()
    shown.page.get_by_label("Ulf User (IU2)").check()
    shown.page.get_by_label("Author (CR)").check()
    shown.page.get_by_role("button", name="Select").click()
    assert shown.run("() => window.chosen") == [
        {"provider": "intranet", "id": "IU2", "name": "Ulf User"},
        {"provider": "other", "id": "CR", "name": "Author"},
    ]


def test_what_the_page_does_not_know_is_answered_and_shown(shown: Shown) -> None:
    answer = shown.run(
        "() => new Promise((resolve) => BX24.placement.call('dance', { a: 'b:c' }, resolve))"
    )
    assert answer is None
    assert "This page knows no command dance" in shown.notice()
    assert '→ dance {"a":"b:c"}' in shown.messages()


def test_events_of_a_placement_arrive_again_and_again(shown: Shown) -> None:
    shown.run(
        """() => { window.heard = [];
            BX24.placement.bindEvent("CallCard::Mine", (value) => window.heard.push(value)); }"""
    )
    for value in ("1", '{"a": 2}'):
        shown.page.get_by_label("CallCard::Mine").fill(value)
        shown.page.get_by_role("button", name="Fire").click()
    shown.application.wait_for_function("() => window.heard.length === 2")
    assert shown.run("() => window.heard") == [1, {"a": 2}]


def test_elements_of_crm_are_chosen_by_type(shown: Shown) -> None:
    assert shown.portal.admin("crm.lead.add", fields={"TITLE": "Website request"}).status == 200
    shown.run(
        """() => { window.chosen = new Promise((resolve) => BX24.selectCRM(
            { entityType: ["lead", "deal"], multiple: true }, resolve)); }"""
    )
    shown.page.get_by_label("Website request (L_1)").check()
    shown.page.get_by_role("button", name="Select").click()
    chosen = shown.run("() => window.chosen")
    assert [(each["id"], each["type"]) for each in chosen["lead"]] == [("L_1", "lead")]
    assert chosen["deal"] == []


def test_the_interface_names_the_commands_that_the_page_knows(shown: Shown) -> None:
    known = shown.run("() => new Promise((resolve) => BX24.placement.getInterface(resolve))")
    assert "setTitle" in known["command"]
    assert known["event"] == []
