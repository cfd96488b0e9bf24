"""The pytest plugin, in runs of pytest of their own."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from mock_bitrix.settings import SettingError
from mock_bitrix.testing import MockBitrix, RunningServer, fixtures, sharing
from tests.testing.test_page import run

TESTS = """
import os
import pathlib
import pytest

@pytest.mark.parametrize("number", range(6))
def test_all_meet_on_one_server(number, mock_bitrix, bitrix_portal):
    bitrix_portal.bind("ONCRMLEADADD")
    bitrix_portal.emit("ONCRMLEADADD")
    bitrix_portal.call("event.offline.get")
    bitrix_portal.assert_taken_once()
    worker = os.environ["PYTEST_XDIST_WORKER"]
    pathlib.Path(f"told.{number}").write_text(f"{worker} {mock_bitrix.url}")
"""

IMPORTS = """
import sys, mock_bitrix.pytest_plugin, mock_bitrix.testing
foreign = {"pydantic", "fastapi", "uvicorn", "sqlalchemy", "orjson", "click", "yaml", "trustme"}
print(sorted(foreign & set(sys.modules)))
"""


def test_workers_of_xdist_share_one_server_that_ends_with_them(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(TESTS)

    ended = run(tmp_path, "-m", "pytest", "-q", "-n", "2", "-W", "error", "-p", "no:cacheprovider")

    assert "6 passed" in ended.stdout, ended.stdout + ended.stderr
    told = [file.read_text().split() for file in tmp_path.glob("told.*")]
    assert {worker for worker, _ in told} == {"gw0", "gw1"}
    [url] = {url for _, url in told}
    assert run(tmp_path, "-m", "mock_bitrix", "healthcheck", "--url", url).returncode == 1


def test_workers_get_one_server_or_what_kept_it_from_starting(pytestconfig: pytest.Config) -> None:
    offered = sharing.offer(pytestconfig)
    assert sharing.offer(pytestconfig) == offered
    with pytest.raises(SettingError, match=r"no\.yaml"):
        sharing.shared_server(offered, {"fixtures": ["no.yaml"]})

    with pytest.raises(multiprocessing.AuthenticationError):
        sharing.shared_server((*offered[:2], "no such word"), {})

    url = sharing.shared_server(offered, {})
    assert sharing.shared_server(offered, {}) == url
    assert RunningServer(url).control.health()["status"] == "ok"


def test_a_server_that_runs_already_is_used(
    server: MockBitrix, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOCK_BITRIX_URL", server.url + "/")

    [found] = fixtures.server(pytestconfig, {"profile": "of no use here"})

    assert found.url == server.url


def test_a_portal_is_gone_after_its_test(
    server: MockBitrix, request: pytest.FixtureRequest
) -> None:
    running = fixtures.portal(server, {}, request)
    made = next(running)
    assert made.member_id in _portals(server)

    assert next(running, None) is None
    assert made.member_id not in _portals(server)


def _portals(server: MockBitrix) -> set[str]:
    return {each["member_id"] for each in server.control.portals()}


def test_the_plugin_loads_nothing_of_the_server(tmp_path: Path) -> None:
    assert run(tmp_path, "-c", IMPORTS).stdout == "[]\n"


def test_loading_the_plugin_loads_nothing_else_of_the_package(tmp_path: Path) -> None:
    listed = "print([name for name in sys.modules if 'bitrix' in name])"
    script = f"import sys, mock_bitrix.pytest_plugin; {listed}"

    assert run(tmp_path, "-c", script).stdout == "['mock_bitrix', 'mock_bitrix.pytest_plugin']\n"
