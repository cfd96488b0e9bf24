"""The PHP libraries, as their requests go over the wire: CRest 1.36 and b24phpsdk 1.9.0.

Short PHP programs that do what they do run where php-cli and php-curl are there.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.clients.support import (
    FIRST_ROW,
    application_of,
    expire,
    issue_token,
    put_documented_row,
)
from tests.support import TestPortal, lead_added

HERE = Path(__file__).parent
FORM = "application/x-www-form-urlencoded"
JSON = "Content-Type: application/json"
EXAMPLE_AS_FORM = (
    "filter%5B%3DMESSAGE_ID%5D=1&filter%5B%3DEVENT_NAME%5D=ONCRMLEADADD"
    "&filter%5B%3E%3DID%5D=1&auth_connector=BxTest"
)
EXAMPLE_AS_JSON = (
    '{"filter":{"=MESSAGE_ID":1,"=EVENT_NAME":"ONCRMLEADADD","\\u003E=ID":1},'
    '"auth_connector":"BxTest","auth":"%s"}'
)


def exchange(portal: TestPortal, target: str, body: str = "", *headers: str) -> Any:
    """Send a request as bytes: a verb with a path, a body, headers; give the answer's JSON."""
    url = urlsplit(portal.server.url)
    lines = [
        f"{target} HTTP/1.1",
        f"Host: {url.netloc}",
        f"Content-Length: {len(body)}",
        *headers,
        "",
        body,
    ]
    with socket.create_connection((url.hostname or "", url.port or 0), 10) as connection:
        connection.sendall("\r\n".join(lines).encode())
        with connection.makefile("rb") as answer:
            length = next(int(line[15:]) for line in answer if line.startswith(b"content-length:"))
            while answer.readline() != b"\r\n":
                pass
            return json.loads(answer.read(length))


def test_crest_documented_example_in_application_mode(client_portal: TestPortal) -> None:
    put_documented_row(client_portal)
    body = f"{EXAMPLE_AS_FORM}&clear=0&auth={client_portal.admin.token}"

    answer = exchange(
        client_portal, "POST /rest/event.offline.get.json", body, f"Content-Type: {FORM}"
    )

    assert answer["result"]["events"] == [FIRST_ROW]


def test_crest_asks_by_get_when_there_are_no_parameters(client_portal: TestPortal) -> None:
    path = urlsplit(client_portal.webhook.base).path

    assert exchange(client_portal, f"GET {path}/profile.json")["result"]["ID"] == "1"


def test_crest_batch_is_encoded_twice(client_portal: TestPortal) -> None:
    path = urlsplit(client_portal.webhook.base).path
    body = (
        "cmd%5Ba%5D=profile%3Fx%3D1"
        "&cmd%5Bb%5D=feature.get%3FCODE%3Drest_offline_extended"
        "%26x%3D%2524result%255Ba%255D%255BID%255D&halt=1"
    )

    answer = exchange(client_portal, f"POST {path}/batch.json", body, f"Content-Type: {FORM}")

    assert answer["result"]["result"]["b"] == {"value": "Y"}
    assert answer["result"]["result_error"] == []


def test_crest_refresh_is_a_posted_form_at_the_authorisation_host(
    client_portal: TestPortal,
) -> None:
    application, issued = application_of(client_portal), issue_token(client_portal)
    body = (
        f"client_id={application.client_id}&grant_type=refresh_token"
        f"&client_secret={application.client_secret}&refresh_token={issued.refresh_token}"
    )

    answer = exchange(client_portal, "POST /oauth/token/", body, f"Content-Type: {FORM}")

    assert answer["client_endpoint"].endswith("/")
    assert answer["access_token"] != issued.access_token


def test_crest_calls_the_client_endpoint_of_the_token_answer(
    client_portal: TestPortal, http: httpx.Client
) -> None:
    """CRest stores the whole token answer and calls its client_endpoint from then on."""
    application, issued = application_of(client_portal), issue_token(client_portal)
    asked = {
        "client_id": application.client_id,
        "grant_type": "refresh_token",
        "client_secret": application.client_secret,
        "refresh_token": issued.refresh_token,
    }
    stored = http.post(f"{client_portal.server.url}/oauth/token/", data=asked).json()

    answer = http.post(
        stored["client_endpoint"] + "profile.json", data={"auth": stored["access_token"]}
    )

    assert answer.json()["result"]["ID"] == "1"


def test_crest_binds_with_a_flag_as_a_number_and_confirms_a_list(
    client_portal: TestPortal,
) -> None:
    bind = "event=ONCRMLEADADD&event_type=offline&auth_connector=BxTest&flag=1&auth="
    token, form = client_portal.admin.token, f"Content-Type: {FORM}"

    assert exchange(client_portal, "POST /rest/event.bind.json", f"{bind}{token}", form)["result"]

    client_portal.rows([lead_added(1, auth_connector="BxTest")])
    box = f"auth_connector=BxTest&auth={token}"
    taken = exchange(client_portal, "POST /rest/event.offline.get.json", f"clear=0&{box}", form)
    message = taken["result"]["events"][0]["MESSAGE_ID"]
    done = f"process_id={taken['result']['process_id']}&message_id%5B0%5D={message}&{box}"
    answer = exchange(client_portal, "POST /rest/event.offline.clear.json", done, form)
    assert answer["result"] is True
    assert client_portal.queue(auth_connector="BxTest") == []


def test_php_sdk_refresh_is_asked_by_get_with_a_request_id(client_portal: TestPortal) -> None:
    application, issued = application_of(client_portal), issue_token(client_portal)
    query = (
        f"grant_type=refresh_token&client_id={application.client_id}"
        f"&client_secret={application.client_secret}&refresh_token={issued.refresh_token}"
        "&bx24_request_id=019a0000-0000-7000-8000-000000000002"
    )

    answer = exchange(client_portal, f"GET /oauth/token/?{query}")

    assert answer["access_token"] != issued.access_token
    assert answer["expires_in"] == 3600


def test_php_sdk_documented_example_by_webhook_is_refused(client_portal: TestPortal) -> None:
    path = urlsplit(client_portal.webhook.base).path
    body = EXAMPLE_AS_JSON.replace(',"auth":"%s"', "")
    target = f"POST {path}/event.offline.get/?bx24_request_id=1"

    assert exchange(client_portal, target, body, JSON)["error"] == "WRONG_AUTH_TYPE"


def test_php_sdk_documented_example(client_portal: TestPortal) -> None:
    put_documented_row(client_portal)
    target = "POST /rest/event.offline.get/?bx24_request_id=019a0000-0000-7000-8000-000000000000"
    headers = [
        "Content-Type: application/json",
        "Connection: Upgrade, HTTP2-Settings",
        "Upgrade: h2c",
        "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA",
    ]

    answer = exchange(client_portal, target, EXAMPLE_AS_JSON % client_portal.admin.token, *headers)

    assert answer["result"]["events"] == [FIRST_ROW]


def test_php_sdk_sends_a_list_for_no_parameters(client_portal: TestPortal) -> None:
    path = urlsplit(client_portal.webhook.base).path
    target = f"POST {path}/profile/?bx24_request_id=1"

    assert exchange(client_portal, target, "[]", JSON)["result"]["ID"] == "1"


def test_php_sdk_key_with_a_tab_is_no_event_type(client_portal: TestPortal) -> None:
    """`"event_type\\t"` is another name, so the binding is an online one."""
    body = json.dumps(
        {
            "event": "ONCRMLEADADD",
            "handler": "https://x.y/h",
            "event_type\t": "offline",
            "auth": client_portal.admin.token,
        }
    )
    target = "POST /rest/event.bind/?bx24_request_id=1"

    assert exchange(client_portal, target, body, JSON)["result"] is True
    assert client_portal.admin("event.get").result[0]["offline"] == 0


def test_php_sdk_batch_has_a_time_for_each_good_item(client_portal: TestPortal) -> None:
    key = "019a0000-0000-7000-8000-000000000001"
    body = json.dumps({"halt": False, "cmd": {key: "profile?"}, "auth": client_portal.admin.token})
    target = "POST /rest/batch/?bx24_request_id=1"

    answer = exchange(client_portal, target, body, JSON)["result"]

    assert set(answer["result_time"]) == {key}
    assert isinstance(answer["result_time"][key]["date_start"], str)


PHP = shutil.which("php")
needs_php = pytest.mark.skipif(PHP is None, reason="needs Debian's php-cli and php-curl")


class Program:
    """PHP programs of an application whose settings are in a file."""

    def __init__(self, portal: TestPortal, environment: dict[str, str], directory: Path) -> None:
        application, self.issued = application_of(portal), issue_token(portal)
        self.file, self._environment = directory / "settings.json", environment
        self.constants = (
            f"define('C_REST_CLIENT_ID', '{application.client_id}');"
            f"define('C_REST_CLIENT_SECRET', '{application.client_secret}');"
        )
        settings = {
            "client_id": application.client_id,
            "client_secret": application.client_secret,
            "access_token": self.issued.access_token,
            "refresh_token": self.issued.refresh_token,
            "client_endpoint": f"https://{portal.domain}/rest/",
        }
        self.file.write_text(json.dumps(settings))

    def run(self, *command: str) -> str:
        """What a program prints, run where the ways of calling are."""
        done = subprocess.run(
            [str(PHP), *command],
            cwd=HERE / "php",
            env={**self._environment, "SETTINGS": str(self.file)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def documented(self, name: str, before: str = "") -> str:
        """What an example of the documentation prints, run letter by letter."""
        example = (HERE / "documented" / f"{name}.php").read_text(encoding="utf-8")
        return self.run("-r", before + example)


@pytest.fixture
def program(client_portal: TestPortal, environment: dict[str, str], tmp_path: Path) -> Program:
    return Program(client_portal, environment, tmp_path)


@needs_php
def test_the_documented_example_for_crest_as_it_stands(
    client_portal: TestPortal, program: Program
) -> None:
    put_documented_row(client_portal, auth_connector="")

    printed = program.documented("crest", program.constants)

    assert printed.startswith("<PRE>Array")
    assert "[EVENT_NAME] => ONCRMLEADADD" in printed
    assert client_portal.queue() == []


@needs_php
def test_the_documented_example_for_the_php_sdk_as_it_stands(
    client_portal: TestPortal, program: Program
) -> None:
    put_documented_row(client_portal, auth_connector="")

    printed = program.documented("sdk", "require_once('sdk.php'); ")

    # The page's example asks an array for error(); what matters here: the row was taken.
    assert "Call to a member function error() on array" in printed
    assert client_portal.queue() == []


@needs_php
@pytest.mark.parametrize("way", ["crest", "sdk"])
def test_bind_take_fail_batch_and_all_pages(
    client_portal: TestPortal, program: Program, way: str
) -> None:
    for number in range(119):
        client_portal.webhook("crm.lead.add", fields={"TITLE": f"Lead {number}"})

    outcome = json.loads(program.run("loop.php", way))

    assert outcome == {
        "bound": True,
        "failed": True,
        "confirmed": True,
        "taken": 1,
        "title": "From PHP",
        "seen": 120,
    }
    assert [row["ERROR"] for row in client_portal.queue(auth_connector="php")] == ["1"]


@needs_php
@pytest.mark.parametrize("way", ["crest", "sdk"])
def test_an_ended_token_is_refreshed_at_the_fixed_host_and_the_call_repeated(
    client_portal: TestPortal, program: Program, way: str
) -> None:
    expire(client_portal, program.issued)

    assert json.loads(program.run("loop.php", way))["bound"] is True
    kept = json.loads(program.file.read_text())
    assert kept["access_token"] != program.issued.access_token


@needs_php
def test_a_refusal_is_an_exception_of_the_sdk_and_an_answer_of_crest(program: Program) -> None:
    wrong = "'crm.lead.get', ['id' => 77]"

    answer = program.run("-r", f"require 'crest.php'; echo json_encode(CRest::call({wrong}));")
    thrown = (
        "require 'sdk.php'; "
        f"try {{ $b24Service->core->call({wrong}); }} "
        "catch (Exception $e) { echo $e->getMessage(); }"
    )

    assert json.loads(answer)["error_description"] == "Not found"
    assert program.run("-r", thrown) == " Not found"


@needs_php
def test_a_webhook_of_crest_by_http(client_portal: TestPortal, program: Program) -> None:
    constants = f"define('C_REST_WEB_HOOK_URL', '{client_portal.webhook.base}/');"

    answer = program.run(
        "-r", f"{constants} require 'crest.php'; echo json_encode(CRest::call('profile'));"
    )

    assert json.loads(answer)["result"]["ID"] == "1"
