"""@bitrix24/b24jssdk in Chromium, in a frame of the portal's page, at an origin of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.frame.application import SDK, ApplicationServer
from tests.frame.browsing import DOCUMENTED, Shown, expire_tokens, show
from tests.support import TestPortal

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response, Route

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not SDK.is_file(), reason="no b24jssdk: run `npm ci` in tests/clients/js"),
]

DOCUMENTED_ROW = {
    "id": 1,
    "event": "ONCRMLEADADD",
    "data": False,
    "additional": False,
    "message_id": "1",
    "timestamp": "2024-07-18T12:32:31+02:00",
}

EXAMPLE = (DOCUMENTED / "b24jssdk.js").read_text()

MAKE = """async ([method, params]) => {
    const answer = await (await ready).actions.v2.call.make({ method, params });
    return answer.getData().result;
}"""


@pytest.fixture(scope="module")
def shown(lasting_page: Page, application: ApplicationServer, any_portal_here: TestPortal) -> Shown:
    """One page for all tests that leave it as they found it."""
    return show(lasting_page, application, any_portal_here, "/sdk.html")


@pytest.fixture
def fresh(page: Page, application: ApplicationServer, portal: TestPortal) -> Shown:
    """A page of its own for the test."""
    return show(page, application, portal, "/sdk.html")


def call(shown: Shown, method: str, params: Any = None) -> Any:
    return shown.run(MAKE, [method, params or {}])


def test_an_application_shakes_hands_and_greets_its_user(shown: Shown) -> None:
    shown.application.wait_for_selector("text=Hello, Anna")

    assert call(shown, "profile")["ADMIN"] is True
    known = shown.run(
        """async () => {
            const { auth, placement } = await ready;
            return [auth.isAdmin, auth.getTargetOrigin(), placement.isDefault];
        }"""
    )
    assert known == [True, shown.portal.server.url, True]


def test_the_documented_example_as_it_stands(shown: Shown) -> None:
    shown.portal.rows([DOCUMENTED_ROW])
    with shown.page.expect_console_message(lambda each: "result.error is not a" in each.text):
        shown.run(f"async () => {{ const $b24 = await ready; {EXAMPLE} }}")

    # The page's example asks a plain object for error(); what matters here: the row was taken.
    assert shown.portal.queue() == []


def test_taking_with_the_sdk_answers_as_documented(shown: Shown) -> None:
    shown.portal.rows([DOCUMENTED_ROW])
    wanted = {"=MESSAGE_ID": 1, "=EVENT_NAME": "ONCRMLEADADD", ">=ID": 1}

    answer = call(shown, "event.offline.get", {"filter": wanted, "clear": 0})

    assert [event["MESSAGE_ID"] for event in answer["events"]] == ["1"]
    assert answer["process_id"] is not None


def test_a_refusal_reaches_the_program(shown: Shown) -> None:
    told = shown.run(
        """async () => {
            const params = { entityTypeId: 1, id: 77 };
            try {
                const call = (await ready).actions.v2.call;
                const answer = await call.make({ method: "crm.item.get", params });
                return answer.getErrorMessages().join();
            } catch (error) {
                return error.message;
            }
        }"""
    )

    assert "Element not found" in told


def renew_after(page: Page, refusals: int) -> None:
    """Hold up renewals until so many calls were refused: who hears of it later renews again."""
    held: list[Route] = []
    refused: list[Response] = []

    def go_on() -> None:
        while len(refused) >= refusals and held:
            held.pop().continue_()

    def hear(response: Response) -> None:
        if response.status == 401:
            refused.append(response)
            go_on()

    def hold(route: Route) -> None:
        held.append(route)
        go_on()

    page.on("response", hear)
    page.route("**/marketplace/frame/refreshAuth", hold)


def test_an_expired_token_is_renewed_once_for_calls_at_the_same_time(fresh: Shown) -> None:
    fresh.application.wait_for_selector("text=Hello, Anna")
    expire_tokens(fresh.portal)
    renew_after(fresh.page, refusals=3)

    names = fresh.run(
        """async () => {
            const b24 = await ready;
            const call = () => b24.actions.v2.call.make({ method: "profile" });
            const answers = await Promise.all([call(), call(), call()]);
            return answers.map((each) => each.getData().result.NAME);
        }"""
    )

    assert names == ["Anna"] * 3
    assert len([line for line in fresh.messages() if line.startswith("→ refreshAuth")]) == 1


def test_options_are_kept(shown: Shown) -> None:
    stored = shown.run(
        """async () => {
            const b24 = await ready;
            await b24.options.appSet("theme", "dark");
            await b24.options.userSet("greeted", "Y");
            return [b24.options.appGet("theme"), b24.options.userGet("greeted")];
        }"""
    )
    assert stored == ["dark", "Y"]
    assert shown.portal.admin("app.option.get").result == {"theme": "dark"}
    assert shown.portal.admin("user.option.get").result == {"greeted": "Y"}


def test_an_installer_finishes_and_the_application_comes_instead(
    page: Page, application: ApplicationServer, portal: TestPortal
) -> None:
    shown = show(
        page,
        application,
        portal,
        "/sdk.html",
        installed=False,
        install_url=f"{application.url}/sdk.html?installer",
    )
    assert shown.run("async () => (await ready).isInstallMode") is True
    assert "installer" in shown.application.url

    with page.expect_navigation():
        shown.run("() => { ready.then((b24) => b24.installFinish()); }")

    assert shown.run("async () => (await ready).isInstallMode") is False
    assert "installer" not in shown.application.url
    assert shown.portal.admin("app.info").result["INSTALLED"] is True


def test_many_calls_go_as_one(shown: Shown) -> None:
    answer = shown.run(
        """async () => {
            const calls = { me: ["profile", {}], wrong: ["no.such.method", {}] };
            const b24 = await ready;
            const answer = await b24.actions.v2.batch.make({
                calls, options: { isHaltOnError: false, returnAjaxResult: true },
            });
            const { me, wrong } = answer.getData();
            return [me.getData().result.NAME, wrong.isSuccess];
        }"""
    )
    assert answer == ["Anna", False]


def test_the_portals_window_obeys(shown: Shown) -> None:
    shown.run(
        """async () => {
            const { parent } = await ready;
            await parent.setTitle("<b>New</b> title");
            await parent.resizeWindow(700, 333);
        }"""
    )
    assert shown.page.locator("#pagetitle").inner_text() == "<b>New</b> title"
    box = shown.page.locator("#application iframe").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (700, 333)


def test_a_command_with_a_colon_is_answered_too(shown: Shown) -> None:
    answer = shown.run(
        """async () => (await ready).parent.message.send(
            "im:getImTextareaContent", { requestId: "1" })"""
    )
    assert answer is None
    assert "im:getImTextareaContent" in shown.notice()


def test_a_user_is_chosen_in_a_dialog(shown: Shown) -> None:
    shown.run("() => { window.chosen = ready.then((b24) => b24.dialog.selectUsers()); }")
    shown.page.get_by_label("Ulf User (2)").check()
    shown.page.get_by_role("button", name="Select").click()
    assert shown.run("() => window.chosen") == [{"id": 2, "name": "Ulf User"}]


def test_a_path_of_the_portal_is_opened_and_closed(shown: Shown) -> None:
    shown.run(
        """() => { window.ended = ready.then(({ slider }) =>
            slider.openPath(slider.getUrl("/crm/deal/details/5/"))); }"""
    )
    assert "/crm/deal/details/5/" in shown.page.get_by_role("dialog").inner_text()
    shown.page.get_by_role("button", name="Close").click()
    assert shown.run("() => window.ended") == {"isOpenAtNewWindow": False, "isClose": True}


def test_events_of_a_placement_arrive_again_and_again(shown: Shown) -> None:
    shown.run(
        """async () => {
            window.heard = [];
            await (await ready).placement.bindEvent("onMine", (value) => window.heard.push(value));
        }"""
    )
    for value in ('{"a": 1}', '"two"'):
        shown.page.get_by_label("onMine").fill(value)
        shown.page.get_by_role("button", name="Fire").click()
    shown.application.wait_for_function("() => window.heard.length === 2")
    assert shown.run("() => window.heard") == [{"a": 1}, "two"]
