"""The PHP libraries, as their requests go over the wire: CRest 1.36 and b24phpsdk 1.9.0.

A short PHP program that does what CRest does runs where php-cli and php-curl are there.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

from tests.clients.support import (
    FIRST_ROW,
    application_of,
    expire,
    issue_token,
    put_documented_row,
)
from tests.support import TestPortal

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


@pytest.mark.skipif(PHP is None, reason="needs Debian's php-cli and php-curl")
def test_a_php_program_works_like_crest(
    client_portal: TestPortal, environment: dict[str, str], tmp_path: Path
) -> None:
    """The token has ended: the program refreshes at the fixed host by https, and repeats."""
    put_documented_row(client_portal)
    application, issued = application_of(client_portal), issue_token(client_portal)
    expire(client_portal, issued)
    settings = {
        "client_id": application.client_id,
        "client_secret": application.client_secret,
        "access_token": issued.access_token,
        "refresh_token": issued.refresh_token,
        "client_endpoint": f"https://{client_portal.domain}/rest/",
    }
    file = tmp_path / "settings.json"
    file.write_text(json.dumps(settings))
    command = [str(PHP), str(HERE / "php" / "like_crest.php"), str(file), quote(EXAMPLE_AS_FORM)]

    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0, done.stderr + done.stdout
    assert json.loads(done.stdout)["result"]["events"] == [FIRST_ROW]
    assert json.loads(file.read_text())["access_token"] != issued.access_token
