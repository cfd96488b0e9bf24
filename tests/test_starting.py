"""From options to a running emulator: what the database keeps, and what the options change."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mock_bitrix import starting
from mock_bitrix.settings import SettingError, Settings

SHOP = "portal: {domain: shop.bitrix24.test}\n"
Start = Callable[..., tuple[list[str], list[str], str]]


@pytest.fixture
def shop(tmp_path: Path) -> str:
    """A fixture file."""
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP)
    return str(file)


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Starts on the test's database, and ends: its portals, what was said, its time_numbers."""
    url = f"sqlite:///{tmp_path / 'portal.sqlite'}"

    def start(**options: Any) -> tuple[list[str], list[str], str]:
        said: list[str] = []
        with starting.started(Settings(database=url, **options), url, said.append) as emulator:
            portals = emulator.directory.revised().portals()
            switches = emulator.default_switches()
        return [each.domain for each in portals], said, switches.time_numbers

    return start


def test_an_empty_database_gets_the_demo(start: Start) -> None:
    assert start() == (["demo.bitrix24.test"], [], "fractions")


def test_a_database_that_holds_something_gets_no_demo(start: Start, shop: str) -> None:
    start(fixtures=(shop,))

    assert start() == (["shop.bitrix24.test"], [], "fractions")


def test_a_portal_that_is_there_already_stays_as_it_is(start: Start, shop: str) -> None:
    start(fixtures=(shop,))

    portals, said, _ = start(fixtures=(shop,))

    assert portals == ["shop.bitrix24.test"]
    assert said == ["portal shop.bitrix24.test is in the database already and stays as it is"]


def test_fresh_starts_over_from_the_files(start: Start, shop: str) -> None:
    start(profile="cloud", switches={"https": "optional"})

    assert start(fixtures=(shop,), fresh=True) == (["shop.bitrix24.test"], [], "fractions")


def test_the_first_profile_stays_and_later_ones_are_told_so(start: Start) -> None:
    start(switches={"time_numbers": "whole"})

    _, said, numbers = start()

    assert numbers == "whole"
    assert said == [
        "the database keeps the profile that it was started with: docs time_numbers=whole"
    ]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"profile": "moon"}, "profile 'moon': expected docs or cloud"),
        ({"switches": {"colour": "red"}}, "switch 'colour': expected one of offline_access, "),
        ({"switches": {"https": "never"}}, "switch https: 'never' is not possible; expected "),
        ({"switches": {"visibility_delay": "soon"}}, "expected a number from 0"),
        ({"switches": {"visibility_delay": "-1"}}, "expected a number from 0"),
        ({"switches": {"visibility_delay": "inf"}}, "expected a number from 0"),
    ],
)
def test_a_profile_or_switch_that_can_t_be_says_what_can(
    start: Start, options: dict[str, Any], why: str
) -> None:
    with pytest.raises(SettingError) as refusal:
        start(**options)

    assert why in str(refusal.value)


def test_a_refused_file_leaves_nothing_behind(start: Start, shop: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(SHOP.replace("shop", "other") + "colour: red\n")

    with pytest.raises(SettingError, match=r"wrong\.yaml:2"):
        start(fixtures=(shop, str(wrong)))

    assert start()[0] == ["demo.bitrix24.test"]


def test_a_server_starts_without_what_its_first_answers_do_not_need() -> None:
    begin = "import sys, mock_bitrix.server, mock_bitrix.starting, mock_bitrix.fixture.loading\n"
    rooms = "('console', 'frame', 'control.app', 'rest.generic', 'rest.methods.crm')"
    shown = f"print([r for r in {rooms} if f'mock_bitrix.{{r}}' in sys.modules])"

    printed = subprocess.check_output([sys.executable, "-c", begin + shown], text=True)

    assert printed == "[]\n"
