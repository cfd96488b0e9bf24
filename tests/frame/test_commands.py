"""What the server does for a frame's commands."""

from __future__ import annotations

import pytest

from tests.events.changes import application_of, portal_of
from tests.frame.opened import framed_portal, open_page
from tests.support import TestPortal, install_portal

INIT_DATA = {
    "DOMAIN",
    "PROTOCOL",
    "PATH",
    "LANG",
    "MEMBER_ID",
    "IS_ADMIN",
    "AUTH_ID",
    "REFRESH_ID",
    "AUTH_EXPIRES",
    "APP_OPTIONS",
    "USER_OPTIONS",
    "PLACEMENT",
    "PLACEMENT_OPTIONS",
    "INSTALL",
    "FIRST_RUN",
}


def test_an_application_starts_with_everything_it_needs(portal: TestPortal) -> None:
    framed = framed_portal(portal, options={"theme": "dark"}, user_options={"1": {"seen": "Y"}})
    told = open_page(framed, '?placement=CRM_LEAD&placement_options={"ID":"5"}').result(
        "getInitData"
    )

    assert told.keys() == INIT_DATA
    tokens = {name: told.pop(name) for name in ("AUTH_ID", "REFRESH_ID", "AUTH_EXPIRES")}
    assert tokens["AUTH_EXPIRES"] == 3600
    assert told == {
        "DOMAIN": framed.server.url.removeprefix("http://"),
        "PROTOCOL": "0",
        "PATH": "/rest",
        "LANG": "en",
        "MEMBER_ID": portal_of(framed).member_id,
        "IS_ADMIN": True,
        "APP_OPTIONS": {"theme": "dark"},
        "USER_OPTIONS": {"seen": "Y"},
        "PLACEMENT": "CRM_LEAD",
        "PLACEMENT_OPTIONS": {"ID": "5"},
        "INSTALL": False,
        "FIRST_RUN": True,
    }


def test_no_options_are_an_object_for_those_who_set_them(framed: TestPortal) -> None:
    told = open_page(framed).result("getInitData")
    assert (told["APP_OPTIONS"], told["USER_OPTIONS"]) == ({}, {})


def test_refreshing_gives_tokens_that_work_and_keeps_the_old_ones(framed: TestPortal) -> None:
    opened = open_page(framed)
    before = opened.result("getInitData")
    after = opened.result("refreshAuth")

    assert after.keys() == {"AUTH_ID", "REFRESH_ID", "AUTH_EXPIRES"}
    assert after["AUTH_ID"] != before["AUTH_ID"]
    assert opened.result("getInitData")["AUTH_ID"] == after["AUTH_ID"]
    for token in (before["AUTH_ID"], after["AUTH_ID"]):
        answer = framed.http.get(f"{framed.server.url}/rest/profile", params={"auth": token})
        assert answer.status_code == 200


def test_a_frame_of_an_application_that_is_not_paid_for_gets_no_tokens(framed: TestPortal) -> None:
    from mock_bitrix.events import lifecycle

    opened = open_page(framed)
    emulator = framed.server.emulator
    lifecycle.pay(emulator, portal_of(framed), application_of(framed), status="P", expired=True)

    assert opened.send("refreshAuth").status_code == 403


def test_an_administrator_sets_options_of_the_application(portal: TestPortal) -> None:
    framed = framed_portal(portal, options={"theme": "dark"})
    stored = open_page(framed).result("setAppOption", {"name": "size", "value": [1, {"a": None}]})

    assert stored == {"theme": "dark", "size": [1, {"a": None}]}
    assert framed.admin("app.option.get").result == stored


def test_a_user_sets_no_options_of_the_application(framed: TestPortal) -> None:
    opened = open_page(framed, "?user=2")

    assert opened.send("setAppOption", {"name": "a", "value": 1}).status_code == 403
    assert opened.result("getInitData")["APP_OPTIONS"] == {}


def test_each_user_has_options_of_their_own(framed: TestPortal) -> None:
    stored = open_page(framed, "?user=2").result("setUserOption", {"name": "a", "value": 1})

    assert stored == {"a": 1}
    assert open_page(framed, "?user=2").result("getInitData")["USER_OPTIONS"] == {"a": 1}
    assert open_page(framed, "?user=1").result("getInitData")["USER_OPTIONS"] == {}


@pytest.mark.parametrize("params", [None, [], {}, {"name": ""}, {"name": 7, "value": 1}])
def test_an_option_without_a_name_is_refused(framed: TestPortal, params: object) -> None:
    assert open_page(framed).send("setUserOption", params).status_code == 400


def test_the_first_launch_is_each_users_own(framed: TestPortal) -> None:
    opened = open_page(framed)
    opened.result("setInstall", {"install": True})
    opened.result("setInstall", {"install": True})

    assert open_page(framed).result("getInitData")["FIRST_RUN"] is False
    assert open_page(framed, "?user=2").result("getInitData")["FIRST_RUN"] is True


def test_until_an_application_is_installed_its_installer_is_shown(portal: TestPortal) -> None:
    framed = framed_portal(portal, installed=False, install_url="http://127.0.0.1:9000/install")
    opened = open_page(framed)
    assert opened.known["action"].startswith("http://127.0.0.1:9000/install?DOMAIN=")
    assert opened.result("getInitData")["INSTALL"] is True

    assert opened.result("setInstallFinish") is True

    assert open_page(framed).known["action"].startswith("http://127.0.0.1:9000/app?")
    assert opened.result("getInitData")["INSTALL"] is False
    assert framed.admin("app.info").result["INSTALLED"] is True


def test_finishing_the_installation_is_told_to_the_application(portal: TestPortal) -> None:
    framed = framed_portal(portal, installed=False)
    assert framed.admin("event.bind", event="ONAPPINSTALL", event_type="offline").result is True
    opened = open_page(framed)

    assert opened.result("setInstallFinish") is True
    assert opened.result("setInstallFinish") is False, "it was installed already"

    (event,) = framed.admin("event.offline.get").result["events"]
    assert event["EVENT_NAME"] == "ONAPPINSTALL"
    assert event["EVENT_ADDITIONAL"] == {"user_id": "1"}


def test_another_frame_of_the_application_gets_parameters_as_its_options(
    framed: TestPortal,
) -> None:
    opened = open_page(framed)
    another = opened.result("openApplication", {"opened": True, "bx24_width": 450})

    assert another["app_sid"] != opened.known["app_sid"]
    assert another["fields"]["PLACEMENT_OPTIONS"] == '{"opened": true, "bx24_width": 450}'


def test_dialogs_of_users_offer_those_who_are_there(portal: TestPortal) -> None:
    users = [
        {"id": 1, "name": "Anna", "last_name": "Admin", "admin": True},
        {"id": 2, "name": "Jonas", "active": False},
        {"id": 3, "name": ""},
    ]
    opened = open_page(framed_portal(portal, users))

    expected = [
        {"id": 1, "name": "Anna Admin", "me": True},
        {"id": 3, "name": "3", "me": False},
    ]
    assert opened.result("selectUser", {"mult": False}) == expected
    assert opened.result("selectAccess", {"value": []}) == expected


def test_the_dialog_of_crm_offers_what_is_in_the_portal(portal: TestPortal) -> None:
    lead = {"ID": 5, "TITLE": "Website request", "NAME": "Lena", "LAST_NAME": "Vogt"}
    entities = {"crm.lead": [lead], "crm.contact": [{"ID": 21, "NAME": "Oskar"}]}
    apps = [{"handler_url": "http://127.0.0.1:9000/"}]
    opened = open_page(
        install_portal(portal.server, portal.http, {"apps": apps, "entities": entities})
    )

    assert opened.result("selectCRM", {"entityType": ["lead", "deal"]}) == {
        "lead": [
            {
                "id": "L_5",
                "type": "lead",
                "place": "lead",
                "title": "Website request",
                "desc": "Lena Vogt",
                "url": "/crm/lead/show/5/",
            }
        ],
        "deal": [],
    }
    everything = opened.result("selectCRM")
    assert list(everything) == ["lead", "contact", "company", "deal", "quote"]
    assert everything["contact"][0]["title"] == "Oskar"


def test_an_open_frame_of_an_application_that_is_gone_has_no_commands(
    framed: TestPortal,
) -> None:
    from mock_bitrix.events import lifecycle

    opened = open_page(framed)
    lifecycle.uninstall(framed.server.emulator, portal_of(framed), application_of(framed))

    assert opened.send("getInitData").status_code == 403
