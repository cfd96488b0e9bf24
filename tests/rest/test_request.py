"""Addresses, parameters and where they come from (protocol A.1 to A.5)."""

from __future__ import annotations

from typing import Any

import pytest

from mock_bitrix.rest.request import MOST_VARIABLES, Request, address_of, asked
from tests.rest.support import Echo
from tests.support import TestPortal, install_portal, lead_added

NOT_FOUND = (404, "ERROR_METHOD_NOT_FOUND", "Method not found!")
NO_AUTH = (401, "NO_AUTH_FOUND", "Wrong authorization data")


@pytest.fixture
def echo(portal: TestPortal) -> Echo:
    return Echo(portal)


# Addresses


@pytest.mark.parametrize(
    "address", ["profile", "profile/", "profile.json", "profile.json/", "/profile//"]
)
def test_a_method_answers_at_each_form_of_its_address(portal: TestPortal, address: str) -> None:
    assert portal.admin(address).result["ID"] == "1"


@pytest.mark.parametrize("address", ["profile", "profile/", "profile.json", "/profile"])
def test_a_webhook_answers_at_each_form_of_its_address(portal: TestPortal, address: str) -> None:
    assert portal.webhook(address).result["ID"] == "1"


@pytest.mark.parametrize("address", ["profile.xml", "profile.xml/"])
def test_suffix_xml_asks_for_xml(portal: TestPortal, address: str) -> None:
    for caller in (portal.admin, portal.webhook):
        answer = caller(address)

        assert answer.response.text.startswith("<response><result><ID>1</ID>")


@pytest.mark.parametrize("suffix", [".JSON", ".Xml", ".html", ".json.txt", "."])
def test_any_other_suffix_is_part_of_the_name(portal: TestPortal, suffix: str) -> None:
    assert portal.admin(f"profile{suffix}").error == NOT_FOUND


def test_only_the_last_suffix_counts(portal: TestPortal) -> None:
    assert portal.admin("server.time.json").status == 200
    assert portal.admin("profile.json.json").error == NOT_FOUND


def test_a_suffix_alone_is_a_name() -> None:
    assert address_of("/rest/.xml").method == ".xml"
    assert address_of("/rest/.xml").transport == "json"


@pytest.mark.parametrize("path", ["/rest//profile", "//rest/profile/", "///rest///profile.json///"])
def test_superfluous_slashes_do_not_count(portal: TestPortal, path: str) -> None:
    answer = portal.http.get(portal.server.url + path, params={"auth": portal.admin.token})

    assert answer.json()["result"]["ID"] == "1"


def test_the_method_may_be_a_parameter(portal: TestPortal) -> None:
    form = {"method": "profile", "auth": portal.admin.token}
    rest = f"{portal.server.url}/rest"

    assert portal.http.get(f"{rest}/", params=form).json()["result"]["ID"] == "1"
    assert portal.http.get(rest, params=form).json()["result"]["ID"] == "1"
    assert portal.http.post(f"{rest}/", data=form).json()["result"]["ID"] == "1"
    assert portal.http.post(f"{rest}/", json=form).json()["result"]["ID"] == "1"


def test_a_method_that_is_a_parameter_may_have_a_suffix(portal: TestPortal) -> None:
    params = {"method": "profile.xml", "auth": portal.admin.token}

    answer = portal.http.get(f"{portal.server.url}/rest/", params=params)

    assert answer.text.startswith("<response>")


@pytest.mark.parametrize("params", [{}, {"method": ""}, {"method[]": "profile"}])
def test_a_call_without_a_method_is_an_unknown_method(
    portal: TestPortal, params: dict[str, str]
) -> None:
    answer = portal.http.get(f"{portal.server.url}/rest/", params=params)

    assert (answer.status_code, answer.json()["error"]) == NOT_FOUND[:2]


def test_a_webhook_may_be_given_as_parameters(portal: TestPortal) -> None:
    _, user, secret = portal.webhook.base.rsplit("/", 2)

    answer = portal.http.get(
        f"{portal.server.url}/rest/profile", params={"aplogin": user, "ap": secret}
    )

    assert answer.json()["result"]["ID"] == "1"


def test_a_webhook_may_name_its_user_by_login(portal: TestPortal) -> None:
    users = [{"id": 1, "admin": True, "LOGIN": "anna"}, {"id": 2}]
    other = install_portal(portal.server, portal.http, {"users": users})
    base, _, secret = other.webhook.base.rsplit("/", 2)

    assert other.http.get(f"{base}/anna/{secret}/profile").json()["result"]["ID"] == "1"
    assert other.http.get(f"{base}/bert/{secret}/profile").status_code == 401


def test_what_the_path_says_lies_over_parameters(portal: TestPortal) -> None:
    given = {"method": "server.time", "aplogin": "9", "ap": "nonsense"}

    assert portal.webhook.send("POST", "profile", json=given).result["ID"] == "1"


def test_a_parameter_called_method_never_reaches_a_method(echo: Echo) -> None:
    token = echo.portal.admin.token

    assert echo(params={"auth": token, "method": "profile", "x": "1"}) == {"x": "1"}


@pytest.mark.parametrize("call", ["api/profile", "api/1/secret/profile"])
def test_the_third_version_of_the_interface_is_not_there(portal: TestPortal, call: str) -> None:
    assert portal.admin(call).error == NOT_FOUND


# Names and verbs


@pytest.mark.parametrize("name", ["PROFILE", "Profile", "eVeNt.OfFlInE.LIST", "User.Current.json"])
def test_case_of_a_method_name_does_not_matter_in_a_call(portal: TestPortal, name: str) -> None:
    assert portal.admin(name).status == 200


def test_an_unknown_method_is_refused_before_anybody_asks_who_calls(portal: TestPortal) -> None:
    for call in ("no.such.method", "1/nonsense/no.such.method", "crm.lead.dance"):
        answer = portal.admin.send("GET", call)

        assert answer.error == NOT_FOUND
        assert list(answer.body) == ["error", "error_description"]


@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "DELETE", "PATCH", "PROPFIND"])
def test_every_verb_calls_the_method(portal: TestPortal, verb: str) -> None:
    answer = portal.admin.send(verb, "profile", params={"auth": portal.admin.token})

    assert answer.result["ID"] == "1"


@pytest.mark.parametrize("verb", ["GET", "PUT", "DELETE", "PATCH"])
def test_a_body_of_another_verb_than_post_is_not_read(portal: TestPortal, verb: str) -> None:
    given = {"auth": portal.admin.token}

    assert portal.admin.send(verb, "profile", json=given).error == NO_AUTH
    assert portal.admin.send(verb, "profile", data=given).error == NO_AUTH
    assert portal.admin.send(verb, "profile", files={"auth": (None, "x")}).error == NO_AUTH


# Where parameters come from


def test_the_query_string_a_form_and_json_reach_the_same_parameters(portal: TestPortal) -> None:
    portal.rows(lead_added(number, id=number) for number in (901, 902, 903))
    token = portal.admin.token
    query = f"auth={token}&filter%5B%3E%3DID%5D=902&order[ID]=desc"
    form = {"auth": token, "filter[>=ID]": "902", "order[ID]": "desc"}
    multipart = {name: (None, value) for name, value in form.items()}
    body = {"auth": token, "filter": {">=ID": 902}, "order": {"ID": "desc"}}
    requests: list[tuple[str, dict[str, Any]]] = [
        (f"event.offline.list?{query}", {}),
        ("event.offline.list", {"data": form}),
        ("event.offline.list", {"files": multipart}),
        ("event.offline.list", {"json": body}),
    ]

    for call, request in requests:
        shown = portal.admin.send("POST", call, **request).result
        assert [row["ID"] for row in shown] == ["903", "902"]


def test_a_form_is_merged_over_the_query_string(echo: Echo) -> None:
    token = echo.portal.admin.token

    got = echo(call=f"event.test?auth={token}&a=q&b=q&7=x", data={"b": "form", "3": "y"})

    assert got == {"a": "q", "b": "form", "0": "x", "1": "y"}


def test_a_whole_value_of_the_form_replaces_that_of_the_query_string(echo: Echo) -> None:
    token = echo.portal.admin.token

    got = echo(call=f"event.test?auth={token}&f[a]=1", data={"f[b]": "2"})

    assert got == {"f": {"b": "2"}}


def test_json_lies_over_the_query_string_outermost_keys_only(echo: Echo) -> None:
    token = echo.portal.admin.token

    got = echo(call=f"event.test?auth={token}&f[a]=1&g=q", json={"f": {"b": 2}})

    assert got == {"f": {"b": 2}, "g": "q"}


def test_a_json_list_has_numeric_keys(echo: Echo) -> None:
    token = echo.portal.admin.token

    assert echo(call=f"event.test?auth={token}&a=1", json=["x", "y"]) == {
        "a": "1",
        "0": "x",
        "1": "y",
    }


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"auth": ', b"null", b"true", b"17", b'"text"', b'{"a":1}]', b"\xff{}"]
)
def test_json_that_is_broken_or_no_array_is_silently_empty(portal: TestPortal, body: bytes) -> None:
    token, headers = portal.admin.token, {"Content-Type": "application/json"}

    by_query = portal.admin.send("POST", f"profile?auth={token}", content=body, headers=headers)
    assert by_query.result["ID"] == "1"
    assert portal.admin.send("POST", "profile", content=body, headers=headers).error == NO_AUTH


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=x"]
)
def test_json_is_known_by_its_content_type_whatever_the_charset(
    portal: TestPortal, kind: str
) -> None:
    body = b'{"auth": "%s"}' % str(portal.admin.token).encode()

    answer = portal.admin.send("POST", "profile", content=body, headers={"Content-Type": kind})

    assert answer.result["ID"] == "1"


@pytest.mark.parametrize("kind", ["text/plain", "application/octet-stream", None])
def test_any_other_body_is_read_like_a_query_string(portal: TestPortal, kind: str | None) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    form, json = f"auth={portal.admin.token}", f'{{"auth": "{portal.admin.token}"}}'

    read = portal.admin.send("POST", "profile", content=form.encode(), headers=headers)
    assert read.result["ID"] == "1"
    garbage = portal.admin.send("POST", "profile", content=json.encode(), headers=headers)
    assert garbage.error == NO_AUTH


def test_json_as_text_becomes_one_garbage_key(echo: Echo) -> None:
    token = echo.portal.admin.token

    got = echo(
        call=f"event.test?auth={token}",
        content=b'{"a b": "c=d"}',
        headers={"Content-Type": "text/plain"},
    )

    assert got == {'{"a_b":_"c': 'd"}'}


def test_a_multipart_form_brings_its_fields_but_not_its_files(echo: Echo) -> None:
    form = {"auth": (None, echo.portal.admin.token), "a[]": (None, "x"), "f": ("n.txt", b"data")}

    assert echo(files=form) == {"a": ["x"]}


@pytest.mark.parametrize("body", [b"", b"nonsense", b"--x\r\nContent-Disposition: form-da"])
def test_a_broken_multipart_form_has_no_fields(portal: TestPortal, body: bytes) -> None:
    for kind in ("multipart/form-data; boundary=x", "multipart/form-data"):
        answer = portal.admin.send("POST", "profile", content=body, headers={"Content-Type": kind})
        assert answer.error == NO_AUTH


# Bracket keys


@pytest.mark.parametrize(
    ("query", "got"),
    [
        ("a[]=1&a[]=2", {"a": ["1", "2"]}),
        ("a[x][y]=1&a[x][z]=2", {"a": {"x": {"y": "1", "z": "2"}}}),
        ("cmd[0]=p&cmd[name]=q", {"cmd": {"0": "p", "name": "q"}}),
        ("a=1&a=2", {"a": "2"}),
        ("a.b=1&c%20d=2", {"a_b": "1", "c_d": "2"}),
        ("x[a.b]=1&x[c%20d]=2", {"x": {"a.b": "1", "c d": "2"}}),
        ("filter[%3E%3DID]=1", {"filter": {">=ID": "1"}}),
        ("filter[>=ID]=1", {"filter_>": "ID]=1"}),
        ("n=17&t=true&z=null&e=", {"n": "17", "t": "true", "z": "null", "e": ""}),
        ("u=%C3%A4%F0%9F%98%80&p=a+b%2Bc", {"u": "ä😀", "p": "a b+c"}),
    ],
)
def test_bracket_keys_are_read_as_php_reads_them(
    echo: Echo, query: str, got: dict[str, Any]
) -> None:
    token = echo.portal.admin.token
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    assert echo("GET", f"event.test?auth={token}&{query}") == got
    assert echo(content=f"auth={token}&{query}", headers=form) == got


def test_json_keeps_numbers_flags_and_nulls(echo: Echo) -> None:
    given: dict[str, Any] = {"n": 17, "f": 1.5, "t": True, "z": None, "e": "", "m": {"a": []}}

    assert echo(json={**given, "auth": echo.portal.admin.token}) == given


def test_fields_beyond_the_limit_are_dropped(echo: Echo) -> None:
    fields = "&".join(f"a[{number}]={number}" for number in range(MOST_VARIABLES + 5))

    got = echo(
        content=f"auth={echo.portal.admin.token}&{fields}",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert len(got["a"]) == MOST_VARIABLES - 1  # the token is a field, too


def test_a_call_that_is_read_from_memory_gets_parameters_of_its_own() -> None:
    def request() -> Request:
        body = b'{"auth":"token","limit":5}'
        kind = "application/json"
        return Request("POST", "/rest/x", b"", kind, body, None, "http", "h", None, False, "")

    first = asked(request()).parameters
    first.pop("auth")

    assert asked(request()).parameters == {"auth": "token", "limit": 5}
    assert first == {"limit": 5}


def test_arrays_are_read_anew_for_each_call() -> None:
    def filtered() -> dict[str, Any]:
        request = Request(
            "POST", "/rest/x", b"filter[ID]=1", "", b"", None, "http", "h", None, False, ""
        )
        return asked(request).parameters["filter"]  # type: ignore[return-value]  # a map

    filtered().clear()

    assert filtered() == {"ID": "1"}
