"""How a frame opens."""

from __future__ import annotations

import pytest

from mock_bitrix.frame.telling import origin_of
from tests.events.changes import portal_of
from tests.frame.opened import framed_portal, look, open_page
from tests.support import TestPortal


def test_a_frame_is_named_by_domain_protocol_and_app_sid(framed: TestPortal) -> None:
    opened = open_page(framed).known
    domain = framed.server.url.removeprefix("http://")
    assert opened["name"] == f"{domain}|0|{opened['app_sid']}"


def test_a_frame_is_named_by_the_domain_under_which_the_page_was_opened(
    framed: TestPortal,
) -> None:
    assert f'"name": "{framed.domain}|0|' in look(framed, host=framed.domain).text


def test_the_form_brings_what_server_side_applications_read(portal: TestPortal) -> None:
    framed = framed_portal(portal, status="P")
    opened = open_page(framed, '?placement=CRM_LEAD&placement_options={"ID":5}')
    told, known = opened.result("getInitData"), opened.known

    domain = told["DOMAIN"].replace(":", "%3A")
    assert known["action"] == (
        "http://127.0.0.1:9000/app?from=fixture"
        f"&DOMAIN={domain}&PROTOCOL=0&LANG=en&APP_SID={known['app_sid']}"
    )
    assert known["fields"] == {
        "AUTH_ID": told["AUTH_ID"],
        "REFRESH_ID": told["REFRESH_ID"],
        "AUTH_EXPIRES": 3600,
        "member_id": portal_of(framed).member_id,
        "status": "P",
        "PLACEMENT": "CRM_LEAD",
        "PLACEMENT_OPTIONS": '{"ID": 5}',
    }


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("http://127.0.0.1:9000/app?a=b", "http://127.0.0.1:9000"),
        ("http://Shop.Example:80/", "http://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("https://shop.example:80/", "https://shop.example:80"),
        ("http://user:secret@shop.example/", "http://shop.example"),
        ("http://[::1]:9000/", "http://[::1]:9000"),
    ],
)
def test_an_origin_is_what_browsers_name_it(address: str, origin: str) -> None:
    assert origin_of(address) == origin
