"""`mock-bitrix generate`."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from mock_bitrix.cli import main
from tests.events.changes import portal_of
from tests.support import TestPortal

QUICK = ["--rate", "400", "--for", "0.3s"]


def generate(portal: TestPortal, *options: str) -> Result:
    where = ["--url", portal.server.url, "--portal", portal_of(portal).member_id]
    return CliRunner().invoke(main, ["generate", *where, *options])


def test_it_says_what_it_has_made(portal: TestPortal) -> None:
    answer = generate(portal, *QUICK, "--json")

    report = json.loads(answer.stdout)
    added = sum(portal.admin(f"crm.{kind}.list").body["total"] for kind in KINDS)
    assert report["refused"] == {}
    assert added == report["made"]["add"] - report["made"].get("delete", 0) > 0


KINDS = ("lead", "deal", "contact", "company")


def test_it_makes_every_mix_without_a_refusal(portal: TestPortal) -> None:
    for mix in ("import", "tasks"):
        report = json.loads(generate(portal, *QUICK, "--mix", mix, "--json").stdout)
        assert (report["refused"], report["left_out"]) == ({}, 0)
        assert report["made"]["update"]


def test_the_table_names_each_sort_of_change(portal: TestPortal) -> None:
    lines = generate(portal, *QUICK).stdout.splitlines()

    assert {line.split()[0] for line in lines} >= {"adds", "updates", "echoes", "seconds"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--mix", "nothing"], "expected busy-crm or import or tasks"),
        (["--for", "soon"], "such as 10m"),
        (["--portal", "f" * 32], "portal"),
        (["--url", "http://127.0.0.1:9"], "can't ask the server"),
    ],
)
def test_what_cant_be_ends_with_a_line(portal: TestPortal, options: list[str], words: str) -> None:
    answer = generate(portal, *options)

    assert answer.exit_code == 2
    assert words in answer.stderr
    assert answer.stdout == ""
