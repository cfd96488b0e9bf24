"""The curl command, as the documentation's page has it: https, and the token in the body."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.clients.support import FIRST_ROW, put_documented_row
from tests.support import TestPortal

EXAMPLE = (Path(__file__).parent / "documented" / "curl.sh").read_text(encoding="utf-8")

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")


class Done(NamedTuple):
    """How a command ended."""

    status: int
    output: str
    errors: str


def run(environment: dict[str, str], *command: str) -> Done:
    """Run a command of a user who has called `mock-bitrix env`."""
    given = {**os.environ, **environment}
    done = subprocess.run(
        command, env=given, capture_output=True, text=True, timeout=60, check=False
    )
    return Done(done.returncode, done.stdout, done.stderr)


def example(portal: TestPortal, token: str) -> str:
    """The example with its two holes filled in."""
    script = EXAMPLE.replace("**put_access_token_here**", token)
    return script.replace("**put_your_bitrix24_address**", portal.domain)


def test_the_documented_example_as_it_stands(
    client_portal: TestPortal, environment: dict[str, str]
) -> None:
    put_documented_row(client_portal, auth_connector="")

    done = run(environment, "bash", "-c", example(client_portal, str(client_portal.admin.token)))

    assert done.status == 0, done.errors
    assert json.loads(done.output)["result"] == {"process_id": None, "events": [FIRST_ROW]}


def test_who_does_not_trust_the_authority_sends_nothing(
    client_portal: TestPortal, environment: dict[str, str]
) -> None:
    untrusting = {name: value for name, value in environment.items() if "PROXY" in name.upper()}

    done = run(untrusting, "bash", "-c", example(client_portal, "secret.token"))

    assert done.status == 60, "curl's own status for a certificate that it doesn't trust"
    assert "secret.token" not in done.output + done.errors


def test_another_host_is_refused_by_the_proxy(environment: dict[str, str]) -> None:
    done = run(environment, "curl", "-sS", "https://example.com/rest/profile")

    assert done.status == 56
    assert "403" in done.errors
