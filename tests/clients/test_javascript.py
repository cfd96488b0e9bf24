"""The JavaScript libraries, unmodified: the vendor's SDK by OAuth and https, @2bad/bitrix."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.clients.support import (
    FIRST_ROW,
    add_fault,
    application_of,
    expire,
    issue_token,
    put_documented_row,
)
from tests.support import TestPortal, lead_added

HERE = Path(__file__).parent / "js"
NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(
    NODE is None or not (HERE / "node_modules").exists(),
    reason="needs Node.js, and `npm ci` in tests/clients/js",
)


class Program:
    """A Node program that calls a portal; `run` gives what a scenario has printed."""

    def __init__(self, portal: TestPortal, environment: dict[str, str]) -> None:
        application, self.issued = application_of(portal), issue_token(portal)
        user, secret = portal.webhook.base.rsplit("/", 2)[1:]
        self._environment = environment
        self.portal = {
            "oauth": {
                "applicationToken": application.application_token,
                "userId": 1,
                "memberId": "0" * 32,
                "accessToken": self.issued.access_token,
                "refreshToken": self.issued.refresh_token,
                "expires": int(self.issued.expires or 0),
                "expiresIn": 3600,
                "scope": "crm",
                "domain": portal.domain,
                "clientEndpoint": f"{portal.server.url}/rest/",
                "serverEndpoint": f"{portal.server.url}/rest/",
                "status": "L",
            },
            "secret": {
                "clientId": application.client_id,
                "clientSecret": application.client_secret,
            },
            "webhook": f"https://{portal.domain}/rest/{user}/{secret}/",
            "hook": portal.webhook.base,
        }

    def run(self, scenario: str) -> Any:
        """Run one scenario."""
        environment = {**os.environ, **self._environment, "PORTAL": json.dumps(self.portal)}
        command = [str(NODE), "scenarios.mjs", scenario]
        done = subprocess.run(
            command,
            cwd=HERE,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def program(client_portal: TestPortal, environment: dict[str, str]) -> Program:
    return Program(client_portal, environment)


def test_the_documented_example(program: Program, client_portal: TestPortal) -> None:
    put_documented_row(client_portal)

    assert program.run("example") == {"process_id": None, "events": [FIRST_ROW]}


def test_bind_take_confirm_and_fail(program: Program, client_portal: TestPortal) -> None:
    client_portal.rows(lead_added(n) for n in (1, 2, 3))

    outcome = program.run("queue")

    assert (outcome["bound"], outcome["failed"], outcome["confirmed"]) == (True, True, True)
    left = client_portal.queue()
    assert [(row["MESSAGE_ID"], row["ERROR"]) for row in left] == [(outcome["failing"], "1")]


def test_all_pages_of_a_list(program: Program, client_portal: TestPortal) -> None:
    client_portal.rows(lead_added(n) for n in range(120))

    assert program.run("pages") == 120


def test_a_batch(program: Program, client_portal: TestPortal) -> None:
    client_portal.rows([lead_added(1)])

    assert program.run("batch") == {"who": "1", "what": 1}


def test_ten_calls_with_an_expired_token_share_a_refresh(
    program: Program, client_portal: TestPortal
) -> None:
    """The library promises one; it makes another where an answer to the old token comes late."""
    expire(client_portal, program.issued)

    outcome = program.run("refresh")

    assert outcome["users"] == ["1"] * 10
    assert outcome["refreshes"] in (1, 2)


def test_a_refusal_reaches_the_program_with_its_code(program: Program) -> None:
    assert "WRONG_AUTH_TYPE" in json.dumps(program.run("refusal"))


def test_a_webhook_by_https_on_port_443(program: Program) -> None:
    assert program.run("hook") == "1"


def test_a_small_library_by_get(program: Program) -> None:
    assert program.run("small") == "1"


def test_a_small_library_reads_all_pages(program: Program, client_portal: TestPortal) -> None:
    for number in range(60):
        client_portal.webhook("crm.lead.add", fields={"TITLE": f"Lead {number}"})

    assert program.run("smallPages") == 60


def test_a_small_library_sends_a_batch_by_get(program: Program) -> None:
    assert program.run("smallBatch") == "1"


def test_a_refusal_is_the_small_librarys_own_error(program: Program) -> None:
    assert "403" in program.run("smallRefusal")


@pytest.mark.long
def test_a_rate_limit_is_waited_out_by_the_library(
    program: Program, client_portal: TestPortal
) -> None:
    add_fault(client_portal, "QUERY_LIMIT_EXCEEDED", "profile", 2)

    assert program.run("limited") == "1"
