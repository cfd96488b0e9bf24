"""The project's own BX24 script in Chromium, in a frame of the portal's page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.frame.application import ApplicationServer
from tests.frame.browsing import DOCUMENTED, Shown, expire_tokens, show
from tests.frame.opened import framed_portal
from tests.frame.test_sdk_in_browser import DOCUMENTED_ROW
from tests.support import TestPortal, lead_added

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser

CLIENTS = Path(__file__).parents[2] / "docs" / "clients.md"
BLOCK = CLIENTS.read_text(encoding="utf-8").partition("```html\n")[2].partition("```")[0]
EXAMPLE = (DOCUMENTED / "bx24.js").read_text()


def test_an_application_greets_its_user(shown: Shown) -> None:
    shown.application.wait_for_selector("text=Hello, Anna")
    known = shown.run("() => [BX24.isAdmin(), BX24.getLang(), BX24.getDomain()]")
    assert known == [True, "en", shown.portal.server.url.removeprefix("http://")]


def test_the_portals_form_brings_the_tokens_to_the_applications_server(
    page: Page, application: ApplicationServer, portal: TestPortal
) -> None:
    application.brought.clear()
    shown = show(page, application, portal, query="?placement=CRM_LEAD")
    auth = shown.run("() => BX24.getAuth()")

    (brought,) = application.brought
    assert brought.query.keys() == {"DOMAIN", "PROTOCOL", "LANG", "APP_SID"}
    assert brought.fields["AUTH_ID"] == auth["access_token"]
    assert brought.fields["REFRESH_ID"] == auth["refresh_token"]
    assert brought.fields["PLACEMENT"] == "CRM_LEAD"


def test_the_documented_example_as_it_stands(shown: Shown) -> None:
    shown.portal.rows([DOCUMENTED_ROW])
    application = shown.application
    with shown.page.expect_console_message() as message:
        application.evaluate(f"() => {{ {EXAMPLE} }}")

    assert message.value.type == "dir"
    answer = message.value.args[0].json_value()
    assert answer["process_id"] is None
    assert answer["events"] == [
        {
            "ID": "1",
            "TIMESTAMP_X": "2024-07-18T10:32:31+00:00",
            "EVENT_NAME": "ONCRMLEADADD",
            "EVENT_DATA": False,
            "EVENT_ADDITIONAL": False,
            "MESSAGE_ID": "1",
        }
    ]


def test_the_block_of_the_page_on_clients_works_as_printed(
    page: Page, application: ApplicationServer, portal: TestPortal
) -> None:
    row = {**DOCUMENTED_ROW, "auth_connector": "BxTest"}
    framed = framed_portal(portal, handler_url=f"{application.url}/block.html", queue=[row])
    block = BLOCK.replace("http://127.0.0.1:8024", framed.server.url)
    application.further["/block.html"] = block.encode()

    with page.expect_console_message(lambda each: each.type == "log") as message:
        page.goto(f"{framed.server.url}/marketplace/app/{framed.client_id}/")

    shown = message.value.args[0].json_value()
    assert [event["EVENT_NAME"] for event in shown["events"]] == ["ONCRMLEADADD"]


def test_a_refusal_is_an_error_of_the_result(shown: Shown) -> None:
    answer = shown.run(
        """() => new Promise((resolve) => BX24.callMethod("event.bind", {}, (result) => resolve({
            data: result.data(), status: result.error().status, ex: result.error().ex,
            text: String(result.error()),
        })))"""
    )
    assert answer == {
        "data": None,
        "status": 400,
        "ex": {
            "error": "ERROR_ARGUMENT",
            "error_description": "Argument 'EVENT' is null or empty",
            "argument": "EVENT",
        },
        "text": "ERROR_ARGUMENT: Argument 'EVENT' is null or empty (400)",
    }


def test_pages_of_a_list_follow_each_other(fresh: Shown) -> None:
    fresh.portal.rows({"event": "ONCRMLEADADD", "message_id": str(n)} for n in range(120))
    pages = fresh.run(
        """() => new Promise((resolve) => {
            const sizes = [];
            BX24.callMethod("event.offline.list", {}, (result) => {
                sizes.push([result.data().length, result.total(), result.more()]);
                if (!result.next()) { resolve(sizes); }
            });
        })"""
    )
    assert pages == [[50, 120, True], [50, 120, True], [20, 120, False]]


def test_nested_parameters_arrive_as_they_were_given(shown: Shown) -> None:
    given = {"a": {"b": ["x", "y&z="]}, "yes": True, "no": False, "nothing": None, "n": 1.5}
    assert shown.portal.admin("event.bind", event="ONAPPTEST", event_type="offline").result is True
    # Another connector than the binding's, or it would be an echo.
    shown.call("event.test", {**given, "auth_connector": "other"})
    (event,) = shown.portal.queue()
    assert event["EVENT_DATA"]["QUERY"] == {
        "a": {"b": ["x", "y&z="]},
        "yes": "1",
        "no": "0",
        "n": "1.5",
    }


def test_an_expired_token_is_renewed_and_the_call_repeated(fresh: Shown) -> None:
    fresh.application.wait_for_selector("text=Hello, Anna")
    expire_tokens(fresh.portal)

    names = fresh.run(
        """() => Promise.all([1, 2, 3].map(() => new Promise((resolve) => {
            BX24.callMethod("profile", {}, (result) => resolve(result.data().NAME));
        })))"""
    )

    assert names == ["Anna"] * 3
    renewals = [line for line in fresh.messages() if line.startswith("→ refreshAuth")]
    assert len(renewals) == 1


def test_a_late_answer_to_an_older_token_renews_nothing_again(fresh: Shown) -> None:
    fresh.application.wait_for_selector("text=Hello, Anna")
    expire_tokens(fresh.portal)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    fresh.page.route("**/rest/user.admin.json", hold, times=1)

    fresh.run(
        """() => { window.late = new Promise((resolve) =>
            BX24.callMethod("user.admin", {}, (result) => resolve(result.data()))); }"""
    )
    fresh.run(
        "() => new Promise((resolve) => BX24.callMethod('profile', {}, resolve)).then(() => 1)"
    )
    held[0].continue_()

    assert fresh.run("() => window.late") is True
    assert len([line for line in fresh.messages() if line.startswith("→ refreshAuth")]) == 1


def test_authorisation_can_be_refreshed_by_hand(shown: Shown) -> None:
    before, after = shown.run(
        """() => new Promise((resolve) => {
            const before = BX24.getAuth();
            BX24.refreshAuth((after) => resolve([before, after]));
        })"""
    )
    assert after.keys() == {"access_token", "refresh_token", "expires_in", "domain", "member_id"}
    assert after["access_token"] != before["access_token"]
    assert after["expires_in"] > 1_600_000_000_000, "milliseconds since 1970"


@pytest.mark.parametrize("form", ["object", "array"])
def test_many_calls_go_as_one(shown: Shown, form: str) -> None:
    keys = ["me", "again", "wrong"] if form == "object" else [0, 1, 2]
    calls = [
        ["profile", {}],
        {"method": "event.test", "params": {"name": f"$result[{keys[0]}][NAME]"}},
        ["no.such.method"],
    ]
    given = dict(zip(keys, calls, strict=True)) if form == "object" else calls
    answer = shown.run(
        """([calls, keys]) => new Promise((resolve) => BX24.callBatch(calls, (results) => resolve([
            Array.isArray(results),
            keys.map((key) => results[key].data()),
            keys.map((key) => results[key].error()?.ex.error),
        ])))""",
        [given, keys],
    )
    assert answer == [
        form == "array",
        [{**answer[1][0], "NAME": "Anna"}, 1, None],
        [None, None, "ERROR_METHOD_NOT_FOUND"],
    ]


def test_a_batch_that_stops_still_has_a_result_for_each_call(shown: Shown) -> None:
    answer = shown.run(
        """() => new Promise((resolve) => BX24.callBatch(
            { wrong: ["no.such.method", {}], later: ["profile", {}] },
            (results) => resolve([Boolean(results.wrong.error()), results.later.data() ?? null]),
            true,
        ))"""
    )
    assert answer == [True, None]


def test_events_are_bound_taken_failed_and_confirmed(fresh: Shown) -> None:
    bound = {"event": "ONCRMLEADADD", "event_type": "offline"}
    assert fresh.call("event.bind", bound)["data"] is True
    fresh.portal.rows(lead_added(number) for number in (1, 2))

    taken = fresh.call("event.offline.get", {"clear": 0})["data"]
    failing, done = (event["MESSAGE_ID"] for event in taken["events"])
    process = {"process_id": taken["process_id"]}
    failed = fresh.call("event.offline.error", {**process, "message_id": [failing]})
    confirmed = fresh.call("event.offline.clear", {**process, "message_id": [done]})

    assert (failed["data"], confirmed["data"]) == (True, True)
    assert [(row["MESSAGE_ID"], row["ERROR"]) for row in fresh.portal.queue()] == [(failing, "1")]


def test_handlers_are_bound_and_unbound(shown: Shown) -> None:
    handler = "http://127.0.0.1:9000/handler"
    bound = shown.run(
        "(handler) => new Promise((resolve) =>"
        " BX24.callBind('OnAppUninstall', handler, 0, (r) => resolve(r.data())))",
        handler,
    )
    assert bound is True
    bindings = shown.portal.admin("event.get").result
    assert [each["event"] for each in bindings if each.get("handler") == handler] == [
        "ONAPPUNINSTALL"
    ]
    removed = shown.run(
        "(handler) => new Promise((resolve) =>"
        " BX24.callUnbind('ONAPPUNINSTALL', handler, null, (r) => resolve(r.data())))",
        handler,
    )
    assert removed == {"count": 1}


def test_only_administrators_bind_handlers(
    page: Page, application: ApplicationServer, portal: TestPortal
) -> None:
    shown = show(page, application, portal, query="?user=2")
    assert shown.run("() => BX24.callBind('ONCRMLEADADD', 'http://127.0.0.1:9000/')") is False
    assert shown.run("() => BX24.isAdmin()") is False


def test_options_are_kept_and_known_at_once(shown: Shown) -> None:
    known = shown.run(
        """() => new Promise((resolve) => {
            BX24.userOption.set("param_obj", { foo: "bar" });
            const mine = BX24.userOption.get("param_obj");
            BX24.appOption.set("param_numb", 1, (all) => resolve([mine, all]));
        })"""
    )
    assert known == [{"foo": "bar"}, {"param_numb": 1}]
    assert shown.portal.admin("user.option.get").result == {"param_obj": {"foo": "bar"}}
    assert shown.portal.admin("app.option.get").result == {"param_numb": 1}


def test_the_first_launch_handlers_run_in_turn_and_once_for_a_user(
    page: Page, application: ApplicationServer, portal: TestPortal
) -> None:
    shown = show(page, application, portal, "/launch.html")
    assert shown.run("() => happened") == ["install 1", "install 2", "init"]
    assert shown.portal.admin("user.option.get").result == {"greeted": "Y"}

    page.reload()
    assert shown.run("() => happened") == ["init"]


def test_an_installer_finishes_and_the_application_comes_instead(
    page: Page, application: ApplicationServer, portal: TestPortal
) -> None:
    installer = f"{application.url}/installer.html"
    shown = show(page, application, portal, installed=False, install_url=installer)
    assert "/installer.html" in shown.application.url

    with page.expect_navigation():
        shown.run("() => BX24.installFinish()")

    shown.application.wait_for_selector("text=Hello, Anna")
    assert shown.portal.admin("app.info").result["INSTALLED"] is True


def test_a_proxy_is_the_same_for_the_same_function_and_object(shown: Shown) -> None:
    same = shown.run(
        """() => {
            const object = { value: 10, add(step) { return this.value + step; } };
            const proxy = BX24.proxy(object.add, object);
            return [proxy === BX24.proxy(object.add, object), proxy(5), BX24.proxyContext()];
        }"""
    )
    assert same == [True, 15, None]


def test_outside_of_a_frame_there_is_no_bx24(page: Page, application: ApplicationServer) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(error.message))
    page.goto(f"{application.url}/bx24.html")

    assert page.evaluate("() => window.BX24") is None
    assert any("Unable to initialize Bitrix24 JS library!" in each for each in errors)


def test_a_token_that_is_known_to_have_ended_is_renewed_before_the_call(shown: Shown) -> None:
    told = shown.run(
        """() => new Promise((resolve) => {
            const now = Date.now;
            const ended = BX24.getAuth().expires_in;
            const before = BX24.getAuth().access_token;
            Date.now = () => ended;
            const auth = BX24.getAuth();
            BX24.callMethod("profile", {}, (result) => {
                Date.now = now;
                resolve([auth, BX24.getAuth().access_token !== before, result.data().NAME]);
            });
        })"""
    )
    assert told == [False, True, "Anna"]


def test_a_failure_of_the_server_reaches_no_callback(fresh: Shown) -> None:
    fresh.run("() => true")
    fresh.page.route("**/rest/profile.json", lambda route: route.fulfill(status=503, body="{}"))
    failures: list[str] = []
    fresh.page.on("pageerror", lambda error: failures.append(error.message))
    with fresh.page.expect_event("pageerror"):
        fresh.run("() => BX24.callMethod('profile', {}, () => { window.called = true; }) && 0")
    assert failures == ["Query error!"]
    assert fresh.run("() => window.called") is None


def test_scripts_are_loaded_one_after_the_other(shown: Shown) -> None:
    loaded = shown.run(
        """(source) => new Promise((resolve) =>
            BX24.loadScript([source, source], () => resolve(window.loads)))""",
        "/extra.js",
    )
    assert loaded == 2
